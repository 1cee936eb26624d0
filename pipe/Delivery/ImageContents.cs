using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;

namespace EcsDeploy.Delivery;

/// <summary>A whole image as it is, ready to be brought into a repository.</summary>
internal sealed record ImageContents
{
    /// <summary>Everything that the manifests name.</summary>
    public required IReadOnlyList<BlobSource> Blobs { get; init; }

    /// <summary>Children before the index that names them; the last one is the image.</summary>
    public required IReadOnlyList<ManifestDocument> Manifests { get; init; }

    /// <summary>Of the image for each platform.</summary>
    public required IReadOnlyList<ImageConfiguration> Configurations { get; init; }

    /// <summary>What remains to be looked at while the blobs are sent; no manifest is put before it ends well.</summary>
    public Func<CancellationToken, Task> CheckAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>The layers, all said to be sent: what was there is known only later.</summary>
    public required IReadOnlyList<PushedLayer> Layers { get; init; }
}
