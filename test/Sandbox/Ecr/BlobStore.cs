namespace Sandbox.Ecr;

/// <summary>The content of all registries, on disk by digest; what belongs to which repository is the repository's knowledge.</summary>
public sealed class BlobStore(string directory)
{
    private readonly string _blobs = Directory.CreateDirectory(Path.Combine(directory, "blobs")).FullName;
    private readonly string _uploads = Directory.CreateDirectory(Path.Combine(directory, "uploads")).FullName;

    public string PathOf(string digest) => Path.Combine(_blobs, digest.Replace(':', '-'));

    public string NewUploadPath() => Path.Combine(_uploads, Guid.NewGuid().ToString("n"));

    /// <summary>Takes a finished upload's file over; a blob that is there already stays.</summary>
    public void Keep(string uploadPath, string digest) => File.Move(uploadPath, PathOf(digest), overwrite: true);

    /// <summary>Stores content from memory and says its digest.</summary>
    public string Add(ReadOnlySpan<byte> content)
    {
        var digest = Digests.Of(content);
        var path = NewUploadPath();
        File.WriteAllBytes(path, content);
        Keep(path, digest);
        return digest;
    }
}
