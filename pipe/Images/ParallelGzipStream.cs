using System.IO.Compression;

namespace EcsDeploy.Images;

/// <summary>
/// Compresses with gzip on several cores: the input is cut every 1 MiB, each piece becomes a gzip member of its own (RFC 1952, 2.2), and the
/// members follow each other in order. The cut is by size alone, so that the bytes are the same on any number of cores.
/// </summary>
internal sealed class ParallelGzipStream(Stream output) : WriteOnlyStream
{
    private const int PieceSize = 1024 * 1024;

    // What does not compress is stored: a few bytes more for each block, and the member's header and trailer.
    private const int MemberLimit = PieceSize + (16 * 1024);

    // More at once would only hold more memory (two layers are compressed beside each other); the bytes do not depend on it.
    private static readonly int PiecesAtOnce = Math.Clamp(Environment.ProcessorCount, 1, 4) + 1;

    private readonly Queue<Task<Piece>> _working = new();
    private readonly Stack<Piece> _free = new();
    private Piece _piece = new();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = _piece.Take(buffer);
            if (_piece.IsFull)
            {
                Compress();
                await DrainAsync(PiecesAtOnce, cancellationToken);
            }
        }
    }

    /// <summary>Writes what is left.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (!_piece.IsEmpty)
        {
            Compress();
        }

        await DrainAsync(0, CancellationToken.None);
        await base.DisposeAsync();
    }

    private void Compress()
    {
        var piece = _piece;
        _working.Enqueue(Task.Run(piece.Compress));
        _piece = _free.TryPop(out var used) ? used : new Piece();
    }

    private async Task DrainAsync(int keep, CancellationToken token)
    {
        while (_working.Count > keep)
        {
            var piece = await _working.Dequeue();
            await output.WriteAsync(piece.Member, token);
            piece.Clear();
            _free.Push(piece);
        }
    }

    // Both buffers are used again and again: arrays of this size would otherwise pile up until the next full collection.
    private sealed class Piece
    {
        private readonly byte[] _input = new byte[PieceSize];
        private readonly byte[] _member = new byte[MemberLimit];
        private int _filled;
        private int _compressed;

        public bool IsEmpty => _filled == 0;

        public bool IsFull => _filled == PieceSize;

        public ReadOnlyMemory<byte> Member => _member.AsMemory(0, _compressed);

        /// <summary>Takes what fits and gives back the rest.</summary>
        public ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> buffer)
        {
            var count = Math.Min(buffer.Length, PieceSize - _filled);
            buffer[..count].CopyTo(_input.AsMemory(_filled));
            _filled += count;
            return buffer[count..];
        }

        public Piece Compress()
        {
            using var member = new MemoryStream(_member);
            using (var gzip = new GZipStream(member, CompressionLevel.Optimal, leaveOpen: true))
            {
                gzip.Write(_input, 0, _filled);
            }

            _compressed = (int)member.Position;
            return this;
        }

        public void Clear() => (_filled, _compressed) = (0, 0);
    }
}
