using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Sandbox.Ecs.Engine;

/// <summary>Ids in the forms of ECS; the same sequence on every run, so that a test can be repeated exactly.</summary>
public sealed class Ids
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private long _number;

    public long Number() => ++_number;

    /// <summary>32 hex digits: tasks, container instances.</summary>
    public string Hex() => Convert.ToHexStringLower(Next().AsSpan(0, 16));

    public string Uuid() => new Guid(Next().AsSpan(0, 16)).ToString();

    /// <summary>19 digits: deployments and service revisions.</summary>
    public string Digits() => (1_000_000_000_000_000_000UL + (BinaryPrimitives.ReadUInt64BigEndian(Next()) % 8_000_000_000_000_000_000UL)).ToString(CultureInfo.InvariantCulture);

    /// <summary>21 letters: service deployments.</summary>
    public string Name() => string.Concat(Next().Take(21).Select(part => Letters[part % Letters.Length]));

    private byte[] Next()
    {
        var seed = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(seed, ++_number);
        return SHA256.HashData(seed);
    }
}
