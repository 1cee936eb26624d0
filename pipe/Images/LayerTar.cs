using System.Buffers;

namespace EcsDeploy.Images;

/// <summary>Writes a layer's files as a tar that depends on nothing but their paths and contents.</summary>
/// <param name="output">Where the tar goes.</param>
/// <param name="times">Of static files, by path, as an earlier tar of the same files decided them; what is missing is added.</param>
internal sealed class LayerTar(Stream output, Dictionary<string, long> times)
{
    private const int FolderMode = 0b111_101_101;
    private const int BufferSize = 128 * 1024;

    private static readonly byte[] Zeros = new byte[TarHeader.BlockSize * 2];

    /// <summary>Everything below the working directory, each folder before what is in it, in ordinal order.</summary>
    public async Task WriteAsync(string workingDirectory, IReadOnlyList<PublishedFile> files, CancellationToken token)
    {
        var root = workingDirectory.Trim('/');
        var prefix = root.Length > 0 ? root + "/" : "";
        var entries = files.Where(file => !file.IsFolder).Select(file => (Name: prefix + file.Path, File: (PublishedFile?)file))
            .Concat(Folders(files).Select(folder => (Name: prefix + folder, File: (PublishedFile?)null)))
            .Where(entry => entry.Name.Length > 0)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal);
        foreach (var (name, file) in entries)
        {
            await (file switch
            {
                null => HeaderAsync(new TarHeader(name, '5', FolderMode) { Modified = FileContent.FixedTime }, token),
                { LinkTarget: { } target } => HeaderAsync(new TarHeader(name, '2', FileContent.LinkMode) { LinkTarget = target, Modified = FileContent.FixedTime }, token),
                _ => FileAsync(name, file, token),
            });
        }

        await output.WriteAsync(Zeros, token);
    }

    // Parents of every file, the working directory itself ("") first; names of folders end in a slash, as tar wants them.
    private static SortedSet<string> Folders(IReadOnlyList<PublishedFile> files)
    {
        var folders = new SortedSet<string>(StringComparer.Ordinal) { "" };
        foreach (var file in files)
        {
            for (var slash = file.Path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = file.Path.IndexOf('/', slash + 1))
            {
                folders.Add(file.Path[..(slash + 1)]);
            }
        }

        return folders;
    }

    private async Task HeaderAsync(TarHeader header, CancellationToken token) => await output.WriteAsync(header.ToBytes(), token);

    private async Task FileAsync(string name, PublishedFile file, CancellationToken token)
    {
        await using var content = await FileContent.OpenAsync(file, times, token);
        await HeaderAsync(new TarHeader(name, '0', content.Mode) { Size = content.Length, Modified = content.Modified }, token);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var left = content.Length; left > 0;)
            {
                var count = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, BufferSize)), token);
                await output.WriteAsync(buffer.AsMemory(0, count), token);
                left -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await content.CheckEndAsync(token);
        await output.WriteAsync(Zeros.AsMemory(0, (int)((TarHeader.BlockSize - (content.Length % TarHeader.BlockSize)) % TarHeader.BlockSize)), token);
    }
}
