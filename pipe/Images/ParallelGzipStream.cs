using System.Buffers;
using System.IO.Compression;

namespace EcsDeploy.Images;

/// <summary>
/// Compresses with gzip on several cores: the input is cut every 1 MiB, each piece becomes a gzip member of its own (RFC 1952, 2.2), and the
/// members follow each other in order. The cut is by size alone, so that the bytes are the same on any number of cores.
/// </summary>
internal sealed class ParallelGzipStream(Stream output) : WriteOnlyStream
{
    private const int PieceSize = 1024 * 1024;

    // More at once would only hold more memory; the bytes do not depend on it.
    private static readonly int PiecesAtOnce = Math.Clamp(Environment.ProcessorCount, 1, 8) + 1;

    private readonly Queue<Task<MemoryStream>> _pieces = new();
    private byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceSize);
    private int _filled;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, PieceSize - _filled);
            buffer[..count].CopyTo(_piece.AsMemory(_filled));
            buffer = buffer[count..];
            _filled += count;
            if (_filled == PieceSize)
            {
                Compress();
                await DrainAsync(PiecesAtOnce, cancellationToken);
            }
        }
    }

    /// <summary>Writes what is left.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (_filled > 0)
        {
            Compress();
        }

        ArrayPool<byte>.Shared.Return(_piece);
        await DrainAsync(0, CancellationToken.None);
        await base.DisposeAsync();
    }

    private void Compress()
    {
        var (piece, length) = (_piece, _filled);
        _pieces.Enqueue(Task.Run(() => Member(piece, length)));
        _piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        _filled = 0;
    }

    private static MemoryStream Member(byte[] piece, int length)
    {
        var member = new MemoryStream(length / 2);
        using (var gzip = new GZipStream(member, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(piece, 0, length);
        }

        ArrayPool<byte>.Shared.Return(piece);
        return member;
    }

    private async Task DrainAsync(int keep, CancellationToken token)
    {
        while (_pieces.Count > keep)
        {
            await using var member = await _pieces.Dequeue();
            await output.WriteAsync(member.GetBuffer().AsMemory(0, (int)member.Length), token);
        }
    }
}
