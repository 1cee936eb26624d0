using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Delivery;

/// <summary>
/// Holds the layers of a layout to what the configuration says they are before compression, as every engine does that pulls them. Also what the
/// repository has is unpacked: by its digest nobody knows what is in it.
/// </summary>
internal sealed partial class LayerCheck(IImageFiles files)
{
    private readonly ConcurrentDictionary<Digest, Digest> _contents = [];

    public async Task CheckAsync(ImageManifest manifest, ImageConfiguration configuration, CancellationToken token)
    {
        await Parallel.ForEachAsync(
            manifest.Layers.Where(IsUnpacked).Select(layer => layer.Digest).Distinct().Where(layer => !_contents.ContainsKey(layer)),
            token,
            async (layer, inner) => _contents[layer] = await ContentOfAsync(layer, inner));
        foreach (var (layer, diffId) in manifest.Layers.Zip(configuration.DiffIds))
        {
            if (IsUnpacked(layer) && _contents[layer.Digest] != diffId)
            {
                throw new BuildException($"IMAGE_ARCHIVE: the layer {layer.Digest} should be {diffId} and is {_contents[layer.Digest]}: it was damaged or forged.");
            }
        }
    }

    private async Task<Digest> ContentOfAsync(Digest layer, CancellationToken token)
    {
        var name = LayoutReader.NameOf(layer);
        var packing = await PackedLayer.PackingOfAsync(files, name, token);
        await using var packed = new CheckedStream(files.Open(name), layer);
        return await PackedLayer.ContentOfAsync(packed, packing, name, token);
    }

    /// <summary>What is encrypted, or of a kind that is not known, only its reader can unpack.</summary>
    private static bool IsUnpacked(Descriptor layer) => Tar().IsMatch(layer.MediaType);

    [GeneratedRegex(@"^application/vnd\.(oci\.image\.layer(\.nondistributable)?\.v1|docker\.image\.rootfs(\.foreign)?\.diff)\.tar([+.](gzip|zstd))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Tar();
}
