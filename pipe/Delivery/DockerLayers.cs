using EcsDeploy.Docker;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;

namespace EcsDeploy.Delivery;

/// <summary>How the layers of Docker's image came to be in the repository: what Docker said of each counts, else what earlier images have.</summary>
/// <param name="push">Null when nothing was pushed.</param>
/// <param name="diffIds">The layers before compression, by which an engine without containerd's store names them; empty where that is not known.</param>
/// <param name="earlier">What was there before.</param>
internal sealed class DockerLayers(DockerPush? push, IReadOnlyList<Digest> diffIds, EarlierImages earlier)
{
    public IReadOnlyList<PushedLayer> Of(ImageManifest manifest, Platform platform) =>
    [
        .. manifest.Layers
            .Select((layer, index) => new PushedLayer
            {
                Platform = platform,
                Holds = "docker",
                Digest = layer.Digest,
                Size = layer.Size,
                Origin = OriginOf(layer.Digest, diffIds.Count == manifest.Layers.Count ? diffIds[index] : null),
            })
            .DistinctBy(layer => layer.Digest),
    ];

    private LayerOrigin OriginOf(Digest layer, Digest? diffId) => (push?.FateOf(layer) ?? (diffId is null ? null : push?.FateOf(diffId))) switch
    {
        PushedFate.Sent => LayerOrigin.Sent,
        PushedFate.WasThere => LayerOrigin.Reused,
        PushedFate.Mounted => LayerOrigin.Mounted,
        _ => earlier.HasBlob(layer) ? LayerOrigin.Reused : LayerOrigin.Sent,
    };
}
