namespace EcsDeploy.Images;

/// <summary>Where apps are published: the clone, a folder for what comes out, and what child programs may see.</summary>
internal sealed record BuildSite
{
    /// <summary>Relative paths of PROJECT and PUBLISH_DIR start here.</summary>
    public required string CloneDirectory { get; init; }

    /// <summary>An existing folder outside the clone, for this run alone.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>
    /// Where packages are kept, as NUGET_PACKAGES says it: a dot-folder of the clone, so that a cache of the pipeline can keep it and no project takes it
    /// for its own. Null leaves it to .NET; a NUGET_PACKAGES in the environment wins.
    /// </summary>
    public string? PackageDirectory { get; init; }

    /// <summary>The whole environment of <c>dotnet</c>, free of secrets.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}
