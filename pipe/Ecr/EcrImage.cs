using EcsDeploy.Names;

namespace EcsDeploy.Ecr;

/// <summary>An image that ECR has, with its manifest byte for byte.</summary>
internal sealed record EcrImage
{
    public required Digest Digest { get; init; }

    /// <summary>The tag that it was asked for by; null when it was asked for by digest.</summary>
    public ImageTag? Tag { get; init; }

    /// <summary>Of the manifest, or of the index.</summary>
    public required string MediaType { get; init; }

    public required byte[] Manifest { get; init; }
}
