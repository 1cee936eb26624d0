using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace EcsDeploy.Registry;

/// <summary>The body of an upload: streamed, of known length, and watched.</summary>
internal sealed class BlobContent : HttpContent
{
    private const int ChunkSize = 128 * 1024;

    private readonly BlobBytes _bytes;
    private readonly TransferWatch _watch;

    public BlobContent(BlobBytes bytes, TransferWatch watch)
    {
        (_bytes, _watch) = (bytes, watch);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        Headers.ContentLength = bytes.Blob.Descriptor.Size;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var source = await _bytes.TakeAsync(cancellationToken);
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (await _bytes.ReadingAsync(() => source.ReadAsync(chunk, cancellationToken).AsTask()) is var count and > 0)
            {
                await stream.WriteAsync(chunk.AsMemory(0, count), cancellationToken);
                _watch.Moved();
            }

            _watch.Sent();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Blob.Descriptor.Size;
        return true;
    }
}
