using System.Text.Json.Nodes;
using Sandbox.Worlds;

namespace Sandbox.Ecr;

/// <summary>What ECS asks of the registry when a task starts.</summary>
public interface IImagePull
{
    /// <summary>
    /// Finds an image as the puller (the execution role's session on Fargate) would: permissions, tag or digest, platform (<c>linux/amd64</c>).
    /// The image stands as in a container definition: <c>host/name:tag</c> or <c>host/name@sha256:…</c>.
    /// </summary>
    PullResult Pull(string image, Caller puller, string platform);
}

/// <summary>How a pull went.</summary>
public abstract record PullResult
{
    /// <summary>The image is there and may be read.</summary>
    /// <param name="Digest">What the reference resolved to: the index's digest when it names an index.</param>
    /// <param name="ManifestDigest">The digest of the manifest for the platform.</param>
    /// <param name="Configuration">The image's configuration document.</param>
    /// <param name="Layers">Layers from base to top.</param>
    public sealed record Pulled(string Digest, string ManifestDigest, JsonObject Configuration, IReadOnlyList<LayerBlob> Layers) : PullResult;

    /// <summary>Refused; <paramref name="Refusal"/> is the authorizer's sentence for <paramref name="Action"/>.</summary>
    public sealed record Denied(string Action, string Refusal) : PullResult;

    /// <summary>No such repository, tag or digest.</summary>
    public sealed record Missing : PullResult;

    /// <summary>The index has no child for the platform.</summary>
    public sealed record WrongPlatform : PullResult;
}

/// <summary>One layer as it lies in the sandbox's blob folder.</summary>
public sealed record LayerBlob(string Digest, string MediaType, string Path, long Size);
