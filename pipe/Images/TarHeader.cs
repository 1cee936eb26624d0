using System.Buffers.Binary;
using System.Text;

namespace EcsDeploy.Images;

/// <summary>The 512 bytes before each entry of a tar, in GNU's format: names of any length, files of any size, nothing that depends on the machine.</summary>
internal readonly record struct TarHeader(string Name, char Type, int Mode)
{
    public const int BlockSize = 512;

    private const int NameLength = 100;
    private const int LinkOffset = 157;
    private const string LongName = "././@LongLink";

    public long Size { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Modified { get; init; }

    public string? LinkTarget { get; init; }

    /// <summary>The header's blocks, with those of GNU's long names before it where they are needed.</summary>
    public byte[] ToBytes()
    {
        using var blocks = new MemoryStream();
        WriteLong(blocks, 'K', LinkTarget);
        WriteLong(blocks, 'L', Name);
        blocks.Write(Block());
        return blocks.ToArray();
    }

    private static void WriteLong(MemoryStream blocks, char type, string? text)
    {
        var bytes = Encoding.UTF8.GetBytes(text ?? "");
        if (bytes.Length <= NameLength)
        {
            return;
        }

        blocks.Write(new TarHeader(LongName, type, 0) { Size = bytes.Length + 1 }.Block());
        blocks.Write(bytes);
        blocks.Write(new byte[BlockSize - (bytes.Length % BlockSize)]);
    }

    private byte[] Block()
    {
        var block = new byte[BlockSize];
        Put(block, 0, NameLength, Name);
        Octal(block.AsSpan(100, 8), Mode);
        Octal(block.AsSpan(108, 8), 0);
        Octal(block.AsSpan(116, 8), 0);
        Number(block.AsSpan(124, 12), Size);
        Number(block.AsSpan(136, 12), Modified);
        block[156] = (byte)Type;
        Put(block, LinkOffset, NameLength, LinkTarget ?? "");
        "ustar  \0"u8.CopyTo(block.AsSpan(257));
        // The checksum counts its own field as spaces.
        block.AsSpan(148, 8).Fill((byte)' ');
        var sum = block.Sum(value => value);
        Octal(block.AsSpan(148, 7), sum);
        return block;
    }

    private static void Put(byte[] block, int offset, int length, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, length)).CopyTo(block.AsSpan(offset));
    }

    private static void Number(Span<byte> field, long value)
    {
        if (value < 1L << 33)
        {
            Octal(field, value);
            return;
        }

        // Above 8 GiB eleven octal digits do not suffice: GNU writes it in base 256, marked by the first bit.
        BinaryPrimitives.WriteInt64BigEndian(field[^8..], value);
        field[0] = 0x80;
    }

    // Digits up to the last byte, which stays zero.
    private static void Octal(Span<byte> field, long value)
    {
        for (var place = field.Length - 2; place >= 0; place--)
        {
            field[place] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }
}
