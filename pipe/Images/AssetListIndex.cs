namespace EcsDeploy.Images;

/// <summary>Where in a list of static files what lies: all offsets count bytes from the file's beginning.</summary>
internal sealed class AssetListIndex
{
    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other));

    /// <summary>In the order of their keys.</summary>
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    /// <summary>Every file's time, with its quotes; endpoints tell which are theirs.</summary>
    public required List<Span> Times { get; init; }

    /// <summary>Where the first endpoint begins in the file.</summary>
    public required long Begin { get; init; }

    /// <summary>Where the last endpoint ends in the file.</summary>
    public required long End { get; init; }

    public required long FileLength { get; init; }

    /// <summary>Null where the file is no list with endpoints; no JSON is none either.</summary>
    public static async Task<AssetListIndex?> ReadAsync(Stream file, CancellationToken token)
    {
        var reader = new AssetListReader();
        if (!await reader.ReadAsync(file, token) || reader.Endpoints is not [var first, ..])
        {
            return null;
        }

        return new AssetListIndex
        {
            Endpoints = [.. reader.Endpoints.OrderBy(endpoint => endpoint.Key, ByBytes)],
            Times = reader.Times,
            Begin = first.Begin,
            End = reader.Endpoints[^1].End,
            FileLength = file.Length,
        };
    }

    internal readonly record struct Span(long Begin, long End);

    /// <summary>One way to be asked for a file; the key is its address, file and selectors.</summary>
    internal readonly record struct Endpoint(long Begin, long End, byte[] Key, int FirstTime, int TimeCount);
}
