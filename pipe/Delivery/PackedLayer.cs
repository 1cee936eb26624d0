using System.IO.Compression;
using System.Security.Cryptography;
using EcsDeploy.Names;
using EcsDeploy.Settings;

namespace EcsDeploy.Delivery;

/// <summary>A layer as it lies in an archive, read for what it is before compression: that alone says whether it is the image's.</summary>
internal static class PackedLayer
{
    public static async Task<LayerCompression?> PackingOfAsync(IImageFiles files, string name, CancellationToken token)
    {
        await using var file = files.Open(name);
        return await PackingOfAsync(file, token);
    }

    /// <summary>By the first bytes (RFC 1952, RFC 8878), as engines do; null for a plain tar.</summary>
    public static async Task<LayerCompression?> PackingOfAsync(Stream packed, CancellationToken token)
    {
        var start = new byte[4];
        await packed.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, token);
        return start switch
        {
            [0x1f, 0x8b, ..] => LayerCompression.Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18] => LayerCompression.Zstd,
            _ => null,
        };
    }

    /// <summary>Its content; the stream below stays its owner's.</summary>
    public static Stream Unpack(Stream packed, LayerCompression? packing) => packing switch
    {
        LayerCompression.Zstd => new ZstdSharp.DecompressionStream(packed, leaveOpen: true),
        LayerCompression.Gzip => new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true),
        _ => packed,
    };

    /// <summary>The digest of what is in it. The stream is read to its end, also where the decompressor stops before.</summary>
    public static async Task<Digest> ContentOfAsync(Stream packed, LayerCompression? packing, string name, CancellationToken token)
    {
        await using var unpacked = Unpack(packed, packing);
        await using var tar = new UnpackedStream(unpacked, name, packed.Length);
        var content = Digest.FromHash(await SHA256.HashDataAsync(tar, token));
        if (packing is not null)
        {
            await packed.CopyToAsync(Stream.Null, token);
        }

        return content;
    }
}
