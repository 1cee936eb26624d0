using EcsDeploy.Names;

namespace EcsDeploy.Settings;

/// <summary>The repository that images are pushed to and promoted from.</summary>
internal sealed record RegistrySettings
{
    /// <summary>Begins every tag that records what succeeded where.</summary>
    public const string RecordPrefix = "env-";

    public required EcrRepository Repository { get; init; }

    /// <summary>Tags put on the digest: TAGS, else the commit.</summary>
    public IReadOnlyList<ImageTag> Tags { get; init; } = [];

    /// <summary>The tag that this commit's image is pushed as; null when the commit is not known.</summary>
    public ImageTag? CommitTag { get; init; }

    /// <summary>ECR_CREATE.</summary>
    public bool Create { get; init; }

    /// <summary>SOURCE_ECR_REPOSITORY; null with one central registry.</summary>
    public EcrRepository? Source { get; init; }

    /// <summary>SCAN_THRESHOLD as ECR spells it, null for NONE.</summary>
    public string? ScanThreshold { get; init; }

    /// <summary>The file of accepted findings; null when there is none.</summary>
    public string? ScanAllowFile { get; init; }

    /// <summary>SCAN_TIMEOUT; null when it was not given.</summary>
    public TimeSpan? ScanTimeout { get; init; }
}
