using EcsDeploy.Oci;
using EcsDeploy.Settings;

namespace EcsDeploy.Images;

/// <summary>One layer of an app: files that become a tar, as a stream, each time that it is asked for.</summary>
internal sealed class AppLayer(LayerKind kind, string workingDirectory, IReadOnlyList<PublishedFile> files)
{
    // Contents decide them; bytes that changed since are found by the tar's digest.
    private readonly Dictionary<string, long> _times = new(StringComparer.Ordinal);

    public LayerKind Kind => kind;

    public IReadOnlyList<PublishedFile> Files => files;

    public async Task<LayerDigest> MeasureAsync(CancellationToken token)
    {
        await using var tar = new DigestingStream(Stream.Null);
        await new LayerTar(tar, _times).WriteAsync(workingDirectory, files, token);
        return new LayerDigest(tar.Digest, tar.Count);
    }

    /// <summary>Compresses what was measured; the blob's bytes are in the spool then.</summary>
    public async Task<ImageLayer> CompressAsync(LayerDigest measured, LayerCompression compression, Spool spool, CancellationToken token)
    {
        await using var blob = new DigestingStream(spool);
        await using (var compressed = Compressor(compression, blob))
        {
            await using var tar = new DigestingStream(compressed);
            await new LayerTar(tar, _times).WriteAsync(workingDirectory, files, token);
            if (tar.Digest != measured.DiffId)
            {
                throw new BuildException($"Files of the {kind} layer changed while they were read into the image. Let whatever writes to the published folder end first.");
            }
        }

        var descriptor = new Descriptor { MediaType = MediaTypeOf(compression), Digest = blob.Digest, Size = blob.Count };
        return new ImageLayer(kind, measured.DiffId, descriptor);
    }

    private static Stream Compressor(LayerCompression compression, Stream output) => compression == LayerCompression.Zstd
        ? new ZstdSharp.CompressionStream(output, level: 3, leaveOpen: true)
        : new ParallelGzipStream(output);

    private static string MediaTypeOf(LayerCompression compression) =>
        compression == LayerCompression.Zstd ? MediaTypes.OciLayerZstd : MediaTypes.OciLayerGzip;
}
