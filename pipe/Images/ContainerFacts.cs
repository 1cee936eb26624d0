namespace EcsDeploy.Images;

/// <summary>What the project says its container should be: the outcome of the SDK's own target <c>ComputeContainerConfig</c>.</summary>
internal sealed record ContainerFacts
{
    /// <summary>Where the SDK lays an app that names no place.</summary>
    public const string StandardDirectory = "/app/";

    /// <summary>The whole reference, <c>mcr.microsoft.com/dotnet/aspnet:10.0</c>.</summary>
    public required string BaseImage { get; init; }

    /// <summary>.NET's name for what the app was published for, <c>linux-x64</c> or <c>linux-musl-arm64</c>.</summary>
    public required string RuntimeIdentifier { get; init; }

    public string WorkingDirectory { get; init; } = StandardDirectory;

    /// <summary>The project's ContainerUser; null leaves it to the base image.</summary>
    public string? User { get; init; }

    public StartCommand Start { get; init; } = new();

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary><c>8080/tcp</c>, besides those that the environment tells.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>Whether the image is labelled with the digest of its base.</summary>
    public bool LabelsBaseDigest { get; init; } = true;

    /// <summary>ContainerImageFormat: "OCI" or "Docker"; null follows the base image.</summary>
    public string? ImageFormat { get; init; }
}
