using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>
/// The list of static files that MapStaticAssets serves by, as the image gets it. The SDK writes each file's time into it, which is the time of the clone, and
/// orders the files of one address by where they lay on the disk: here they have one date, and an order that only the list's own words decide.
/// It is read piece by piece from the file, as a list of ten thousands of files may be larger than all memory that a layer takes.
/// </summary>
internal sealed class AssetList : ReadOnlyStream
{
    private static readonly byte[] Comma = ","u8.ToArray();

    // The ETags in the same list are hashes of contents, so caches work on without the real time.
    private static readonly byte[] FixedDate = "\"Tue, 01 Jan 1980 00:00:00 GMT\""u8.ToArray();

    private readonly Stream _file;
    private readonly AssetListIndex _index;
    private IEnumerator<Piece> _pieces;
    private Piece _piece;
    private long _done;

    private AssetList(Stream file, AssetListIndex index)
    {
        (_file, _index, _pieces) = (file, index, Pieces(index).GetEnumerator());
        Length = Pieces(index).Sum(piece => piece.Length);
    }

    public override long Length { get; }

    /// <summary>It can only be set back to the beginning.</summary>
    public override long Position
    {
        get => throw new NotSupportedException();
        set
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(value, 0);
            (_pieces, _piece, _done) = (Pieces(_index).GetEnumerator(), default, 0);
        }
    }

    public static bool IsList(string path) => path.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal);

    /// <summary>The list in the file; what is no such list stays as it is. The file is closed with the result.</summary>
    public static async Task<Stream> OpenAsync(Stream file, CancellationToken token)
    {
        try
        {
            var index = await AssetListIndex.ReadAsync(file, token);
            file.Position = 0;
            return index is null ? file : new AssetList(file, index);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var filled = 0;
        while (filled < buffer.Length && Next())
        {
            // Pieces are short and the kernel has just read them: waiting for each on another thread would take longer than the reading.
            var count = Read(buffer.Span[filled..]);
            if (count == 0)
            {
                break;
            }

            filled += count;
        }

        return ValueTask.FromResult(filled);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pieces.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private static IEnumerable<Piece> Pieces(AssetListIndex index)
    {
        yield return new Piece(0, index.Begin);
        for (var number = 0; number < index.Endpoints.Count; number++)
        {
            if (number > 0)
            {
                yield return new Piece(Comma);
            }

            var endpoint = index.Endpoints[number];
            var from = endpoint.Begin;
            for (var time = endpoint.FirstTime; time < endpoint.FirstTime + endpoint.TimeCount; time++)
            {
                yield return new Piece(from, index.Times[time].Begin - from);
                yield return new Piece(FixedDate);
                from = index.Times[time].End;
            }

            yield return new Piece(from, endpoint.End - from);
        }

        yield return new Piece(index.End, Math.Max(0, index.FileLength - index.End));
    }

    private bool Next()
    {
        while (_done == _piece.Length)
        {
            if (!_pieces.MoveNext())
            {
                return false;
            }

            (_piece, _done) = (_pieces.Current, 0);
        }

        return true;
    }

    private new int Read(Span<byte> buffer)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, _piece.Length - _done)];
        if (_piece.Text is { } text)
        {
            text.AsSpan((int)_done, wanted.Length).CopyTo(wanted);
            _done += wanted.Length;
            return wanted.Length;
        }

        _file.Position = _piece.Offset + _done;
        var count = _file.Read(wanted);
        _done += count;
        return count;
    }

    private readonly record struct Piece(long Offset, long Length, byte[]? Text)
    {
        public Piece(long offset, long length)
            : this(offset, length, null)
        {
        }

        public Piece(byte[] text)
            : this(0, text.Length, text)
        {
        }
    }
}
