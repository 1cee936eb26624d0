using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using EcsDeploy.Settings;

namespace EcsDeploy.Delivery;

/// <summary>
/// Reads what <c>docker save</c> wrote. Its layers are plain tars, so each is held to its digest before compression and then compressed; one that the
/// repository has by that digest is not even read.
/// </summary>
internal sealed class DockerArchiveReader(IImageFiles files, EarlierImages earlier, string workDirectory) : IAsyncDisposable
{
    public const string ManifestName = "manifest.json";

    private readonly List<Spool> _spools = [];

    public async Task<ImageContents> ReadAsync(CancellationToken token)
    {
        var (configurationName, layerNames) = ReadManifest(await ArchiveDocuments.ReadAsync(files, ManifestName, token));
        var content = await ArchiveDocuments.ReadAsync(files, configurationName, token);
        var configuration = ImageConfiguration.Parse(content);
        if (configuration.DiffIds.Count != layerNames.Count)
        {
            throw new BuildException($"IMAGE_ARCHIVE: the image has {layerNames.Count} layers and names {configuration.DiffIds.Count}.");
        }

        var platform = configuration.Platform
            ?? throw new BuildException($"IMAGE_ARCHIVE: the image is for {configuration.RunsOn}; it must be for {Platform.Rule}.");
        var layers = new List<BlobSource>();
        var read = new Dictionary<Digest, BlobSource>();
        foreach (var (name, diffId) in layerNames.Zip(configuration.DiffIds))
        {
            // Docker lists an equal layer as often as it lies there.
            layers.Add(read.TryGetValue(diffId, out var again) ? again : read[diffId] = await ReadLayerAsync(name, diffId, token));
        }

        var described = new Descriptor { MediaType = MediaTypes.OciConfiguration, Digest = Digest.Of(content), Size = content.Length };
        var manifest = new ImageManifest { MediaType = MediaTypes.OciManifest, Configuration = described, Layers = [.. layers.Select(layer => layer.Descriptor)] };
        return new ImageContents
        {
            Blobs = [BlobSource.Of(described, content), .. read.Values],
            Configurations = [configuration],
            Manifests = [new ManifestDocument(manifest.MediaType, manifest.ToBytes())],
            Layers = [.. manifest.Layers.DistinctBy(layer => layer.Digest).Select(layer => new PushedLayer { Platform = platform, Holds = "archive", Digest = layer.Digest, Size = layer.Size, Origin = LayerOrigin.Sent })],
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var spool in _spools)
        {
            await spool.DisposeAsync();
        }
    }

    private static (string Configuration, IReadOnlyList<string> Layers) ReadManifest(byte[] content)
    {
        JsonNode? document;
        try
        {
            RawJson.CheckText(content);
            document = JsonNode.Parse(content, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException unreadable)
        {
            throw new BuildException($"IMAGE_ARCHIVE: {ManifestName} is no JSON: {unreadable.Message}", unreadable);
        }

        return document switch
        {
            JsonArray and [JsonObject image] when image.Text("Config") is { } configuration => (configuration, image.Texts("Layers")),
            JsonArray { Count: not 1 } images => throw new BuildException($"IMAGE_ARCHIVE: the archive holds {images.Count} images; save a single one."),
            _ => throw new BuildException(
                $"IMAGE_ARCHIVE: this is neither an archive of docker save, whose {ManifestName} is a list of images, nor an OCI layout. With skopeo, copy to docker-archive: or oci:, since its dir: is neither."),
        };
    }

    private async Task<BlobSource> ReadLayerAsync(string name, Digest diffId, CancellationToken token)
    {
        if ((earlier.FindLayer(diffId, LayerCompression.Gzip) ?? earlier.FindLayer(diffId, LayerCompression.Zstd)) is { } known)
        {
            return new BlobSource(Described(known.MediaType == MediaTypes.DockerLayerGzip ? MediaTypes.OciLayerGzip : known.MediaType, known.Digest, known.Size, diffId), _ => throw new BuildException($"The layer {known.Digest} left the repository while it was pushed to."));
        }

        if (await PackedLayer.PackingOfAsync(files, name, token) is { } packing)
        {
            return await ReadPackedAsync(name, diffId, packing, token);
        }

        var spool = new Spool(workDirectory);
        _spools.Add(spool);
        await using var blob = new DigestingStream(spool);
        await using (var compressed = new ParallelGzipStream(blob))
        {
            await using var tar = new CheckedStream(files.Open(name), diffId);
            await tar.CopyToAsync(compressed, token);
        }

        return new BlobSource(Described(MediaTypes.OciLayerGzip, blob.Digest, blob.Count, diffId), _ => Task.FromResult(spool.OpenRead()));
    }

    /// <summary>Buildx can write archives whose layers are compressed already: they go as they are, once their content is what it should be.</summary>
    private async Task<BlobSource> ReadPackedAsync(string name, Digest diffId, LayerCompression packing, CancellationToken token)
    {
        await using var packed = files.Open(name);
        var digest = Digest.FromHash(await SHA256.HashDataAsync(packed, token));
        await using var source = files.Open(name);
        var content = await PackedLayer.ContentOfAsync(source, packing, name, token);
        var type = packing == LayerCompression.Zstd ? MediaTypes.OciLayerZstd : MediaTypes.OciLayerGzip;
        return content == diffId
            ? new BlobSource(Described(type, digest, packed.Length, diffId), _ => Task.FromResult<Stream>(new CheckedStream(files.Open(name), digest)))
            : throw new BuildException($"IMAGE_ARCHIVE: the layer {name} should be {diffId} and is {content}: it was damaged or forged.");
    }

    private static Descriptor Described(string type, Digest digest, long size, Digest diffId) => new()
    {
        MediaType = type,
        Digest = digest,
        Size = size,
        Annotations = new Dictionary<string, string> { [Descriptor.UncompressedAnnotation] = diffId.Text },
    };
}
