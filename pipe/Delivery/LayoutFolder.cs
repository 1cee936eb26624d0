using EcsDeploy.Images;

namespace EcsDeploy.Delivery;

/// <summary>An OCI layout as a folder. Links are not followed: they may lead out of it.</summary>
internal sealed class LayoutFolder(string folder) : IImageFiles
{
    public long? LengthOf(string name) => Find(name)?.Length;

    public Stream Open(string name) => Find(name) is { } file
        ? new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0)
        : throw new BuildException($"IMAGE_ARCHIVE: '{name}' is missing in {folder}.");

    public void Dispose()
    {
    }

    private FileInfo? Find(string name)
    {
        var path = folder;
        foreach (var part in name.Split('/'))
        {
            path = Path.Combine(path, part);
            if (part is "" or "." or ".." || new FileInfo(path).LinkTarget is not null)
            {
                throw new BuildException($"IMAGE_ARCHIVE: '{name}' in {folder} leads through a link or out of the folder, which is not followed.");
            }
        }

        var file = new FileInfo(path);
        return !file.Exists ? null
            : FolderScan.IsSpecial(file) ? throw new BuildException($"IMAGE_ARCHIVE: '{name}' in {folder} is no file but a pipe, a socket or a device.")
            : file;
    }
}
