namespace EcsDeploy.Images;

/// <summary>A file, an empty folder or a link of a published app: its path inside the app, with slashes, and where it lies on this machine.</summary>
internal sealed record PublishedFile(string Path, string Source)
{
    public bool IsFolder { get; init; }

    /// <summary>What a symbolic link points to, relative to itself; null for anything else.</summary>
    public string? LinkTarget { get; init; }
}
