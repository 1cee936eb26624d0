using EcsDeploy.Names;

namespace EcsDeploy.Outcomes;

/// <summary>One layer of a pushed image, and how it came to be in the repository.</summary>
internal sealed record PushedLayer
{
    public required Platform Platform { get; init; }

    /// <summary>"base", "runtime", "packages", "static" or "app"; "archive" or "docker" where nobody here made it.</summary>
    public required string Holds { get; init; }

    public required Digest Digest { get; init; }

    /// <summary>Compressed bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Paths of its files, where they are known; of many only the first.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public required LayerOrigin Origin { get; init; }
}

/// <summary>How a layer came to be in the repository.</summary>
internal enum LayerOrigin
{
    /// <summary>It was there, and known to be: nothing was done.</summary>
    Reused,
    Sent,

    /// <summary>Taken over from another repository of the same registry, inside the registry.</summary>
    Mounted,
}
