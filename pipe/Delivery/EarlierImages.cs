using EcsDeploy.Ecr;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Settings;

namespace EcsDeploy.Delivery;

/// <summary>
/// What images that are in the repository already tell: which layers are there, by their digests before compression, so that an equal layer is
/// neither compressed nor sent nor asked for, whatever compressor made it.
/// </summary>
internal sealed class EarlierImages
{
    private readonly Dictionary<Digest, List<Descriptor>> _byDiffId = [];
    private readonly HashSet<Digest> _blobs = [];
    private readonly Dictionary<Digest, EcrImage> _images = [];
    private readonly Dictionary<ImageTag, EcrImage> _tags = [];

    public static EarlierImages None => new();

    /// <param name="ecr">The repository.</param>
    /// <param name="references">Tags and digests; those that are not there are passed over.</param>
    /// <param name="token">Ends it.</param>
    public static async Task<EarlierImages> FindAsync(EcrClient ecr, IReadOnlyCollection<string> references, CancellationToken token)
    {
        var earlier = new EarlierImages();
        var children = new List<string>();
        foreach (var image in await ecr.FindImagesAsync(references, token))
        {
            children.AddRange(earlier.Add(image).Select(child => child.Text));
        }

        foreach (var child in children.Count > 0 ? await ecr.FindImagesAsync(children, token) : [])
        {
            earlier.Add(child);
        }

        return earlier;
    }

    public EcrImage? Find(ImageTag tag) => _tags.GetValueOrDefault(tag);

    public EcrImage? Find(Digest manifest) => _images.GetValueOrDefault(manifest);

    public bool HasBlob(Digest blob) => _blobs.Contains(blob);

    /// <summary>The layer with this content; null when none of the images has it in that compression.</summary>
    public Descriptor? FindLayer(Digest diffId, LayerCompression compression) => _byDiffId.GetValueOrDefault(diffId)?
        .Find(layer => IsZstd(layer) == (compression == LayerCompression.Zstd));

    private static bool IsZstd(Descriptor layer) => layer.MediaType == MediaTypes.OciLayerZstd;

    /// <summary>Gives back the children of an index that are images, be it for a platform known here or not.</summary>
    private IReadOnlyList<Digest> Add(EcrImage image)
    {
        _images[image.Digest] = image;
        if (image.Tag is { } tag)
        {
            _tags[tag] = image;
        }

        if (ImageIndex.Is(image.MediaType))
        {
            return [.. ImageIndex.Parse(image.Manifest, image.MediaType).Manifests.Where(child => child.RunsOn is not (null or ArchiveDocuments.Attestation)).Select(child => child.Digest)];
        }

        if (ImageManifest.Is(image.MediaType))
        {
            Add(ImageManifest.Parse(image.Manifest, image.MediaType));
        }

        return [];
    }

    private void Add(ImageManifest manifest)
    {
        _blobs.Add(manifest.Configuration.Digest);
        foreach (var layer in manifest.Layers)
        {
            _blobs.Add(layer.Digest);
            if (Digest.TryParse(layer.Annotations.GetValueOrDefault(Descriptor.UncompressedAnnotation), out var diffId))
            {
                if (!_byDiffId.TryGetValue(diffId, out var layers))
                {
                    _byDiffId[diffId] = layers = [];
                }

                layers.Add(layer);
            }
        }
    }
}
