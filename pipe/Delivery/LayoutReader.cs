using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;

namespace EcsDeploy.Delivery;

/// <summary>Reads an OCI image layout (image spec, image-layout.md), each document held to the digest that it is named by.</summary>
internal sealed class LayoutReader(IImageFiles files)
{
    public const string IndexName = "index.json";

    private readonly Dictionary<Digest, BlobSource> _blobs = [];
    private readonly List<ManifestDocument> _manifests = [];
    private readonly List<PushedLayer> _layers = [];
    private readonly List<(ImageManifest Manifest, ImageConfiguration Configuration)> _images = [];
    private readonly LayerCheck _layerCheck = new(files);

    /// <summary>Where a layout keeps what has this digest.</summary>
    public static string NameOf(Digest digest) => $"blobs/sha256/{digest.Hex}";

    public async Task<ImageContents> ReadAsync(CancellationToken token)
    {
        var index = ImageIndex.Parse(await ArchiveDocuments.ReadAsync(files, IndexName, token));
        // Under two names an image is listed twice (buildx with two -t).
        var images = index.Manifests.DistinctBy(image => image.Digest).ToList();
        if (images is not [var top])
        {
            throw new BuildException($"IMAGE_ARCHIVE: the layout holds {images.Count} images; give one that holds a single image, or an index of its platforms.");
        }

        await AddAsync(top, depth: 0, token);
        CheckRunnable();
        return new ImageContents
        {
            Blobs = [.. _blobs.Values],
            Configurations = [.. _images.Select(image => image.Configuration).Where(image => image.Platform is not null)],
            Manifests = _manifests,
            Layers = _layers,
            CheckAsync = CheckLayersAsync,
        };
    }

    private async Task CheckLayersAsync(CancellationToken token)
    {
        foreach (var (manifest, configuration) in _images)
        {
            await _layerCheck.CheckAsync(manifest, configuration, token);
        }
    }

    /// <summary>Beside images that ECS can run an index may have others.</summary>
    private void CheckRunnable()
    {
        if (_images.Count == 0)
        {
            throw new BuildException("IMAGE_ARCHIVE: the layout holds no image: nothing in it has an image's configuration.");
        }

        if (_images.TrueForAll(image => image.Configuration.Platform is null))
        {
            throw new BuildException($"IMAGE_ARCHIVE: the image is for {string.Join(" and ", _images.Select(image => image.Configuration.RunsOn))}; it must be for {Platform.Rule}.");
        }
    }

    private async Task AddAsync(Descriptor descriptor, int depth, CancellationToken token)
    {
        var document = new ManifestDocument(descriptor.MediaType, await ArchiveDocuments.ReadAsync(files, descriptor, token));
        if (!document.IsIndex)
        {
            await AddManifestAsync(document, descriptor.RunsOn, token);
            return;
        }

        var children = ImageIndex.Parse(document.Content, document.MediaType).Manifests;
        if (depth == 0 && children.Where(child => child.Platform is not null).ToList() is [var only])
        {
            // Buildx wraps one image and its attestations into an index, which ECR cannot scan (build-push-action#755).
            await AddAsync(only, depth + 1, token);
            return;
        }

        foreach (var child in depth == 0 ? children : throw new BuildException("IMAGE_ARCHIVE: the layout has an index inside an index, which ECS cannot run."))
        {
            await AddAsync(child, depth + 1, token);
        }

        _manifests.Add(document);
    }

    /// <param name="document">The manifest.</param>
    /// <param name="promised">What the index says it runs on, by which an engine chooses; null where it does not say.</param>
    /// <param name="token">Ends it.</param>
    private async Task AddManifestAsync(ManifestDocument document, string? promised, CancellationToken token)
    {
        var manifest = ImageManifest.Parse(document.Content, document.MediaType);
        AddBlob(manifest.Configuration);
        var configuration = await ArchiveDocuments.ConfigurationOfAsync(files, manifest, token);
        var runsOn = configuration?.RunsOn ?? ArchiveDocuments.Attestation;
        if (promised is not null && promised != runsOn)
        {
            throw new BuildException($"IMAGE_ARCHIVE: the index says that {document.Digest} is for {promised}, and its configuration says {runsOn}: it was damaged or forged.");
        }

        _images.AddRange(configuration is null ? [] : [(manifest, configuration)]);
        foreach (var layer in manifest.Layers.DistinctBy(layer => layer.Digest))
        {
            AddBlob(layer);
            if (configuration?.Platform is { } platform)
            {
                _layers.Add(new PushedLayer { Platform = platform, Holds = "archive", Digest = layer.Digest, Size = layer.Size, Origin = LayerOrigin.Sent });
            }
        }

        _manifests.Add(document);
    }

    private void AddBlob(Descriptor blob)
    {
        var name = NameOf(blob.Digest);
        if (files.LengthOf(name) != blob.Size)
        {
            throw new BuildException($"IMAGE_ARCHIVE: the archive should hold {blob.Digest} with {blob.Size} bytes and "
                + (files.LengthOf(name) is { } length ? $"holds {length}." : "does not hold it."));
        }

        _blobs.TryAdd(blob.Digest, new BlobSource(blob, _ => Task.FromResult<Stream>(new CheckedStream(files.Open(name), blob.Digest))));
    }
}
