namespace EcsDeploy.Images;

/// <summary>Where apps are published: the clone, a folder for what comes out, and what child programs may see.</summary>
internal sealed record BuildSite
{
    /// <summary>Relative paths of PROJECT and PUBLISH_DIR start here.</summary>
    public required string CloneDirectory { get; init; }

    /// <summary>An existing folder outside the clone, for this run alone.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>The whole environment of <c>dotnet</c>, free of secrets.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}
