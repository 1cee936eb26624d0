using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace EcsDeploy.Registry;

/// <summary>The body of an upload: streamed, of known length, and watched.</summary>
internal sealed class BlobContent : HttpContent
{
    private const int ChunkSize = 128 * 1024;

    private readonly BlobSource _source;
    private readonly TransferWatch _watch;

    public BlobContent(BlobSource source, TransferWatch watch)
    {
        (_source, _watch) = (source, watch);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        Headers.ContentLength = source.Descriptor.Size;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var source = await ReadingAsync(() => _source.OpenAsync(cancellationToken));
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (await ReadingAsync(() => source.ReadAsync(chunk, cancellationToken).AsTask()) is var count and > 0)
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

    /// <summary>What fails here is no matter of the network, and not to be tried again.</summary>
    private async Task<T> ReadingAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw RegistryException.Broken($"The bytes of {_source.Descriptor.Digest} cannot be read here: {fault.Message}");
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _source.Descriptor.Size;
        return true;
    }
}
