using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace EcsDeploy.Names;

/// <summary>A content address, "sha256:" and 64 lower-case hexadecimal digits (OCI image spec, descriptor.md).</summary>
internal sealed record Digest
{
    public const string Rule = "sha256: and 64 lower-case hexadecimal digits";

    private const string Prefix = "sha256:";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private Digest(string text) => Text = text;

    /// <summary>The whole address, algorithm included.</summary>
    public string Text { get; }

    /// <summary>The 64 digits behind the algorithm.</summary>
    public string Hex => Text[Prefix.Length..];

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.AsSpan(Prefix.Length).IndexOfAnyExcept(HexDigits) < 0
                ? new Digest(text)
                : null;
        return digest is not null;
    }

    /// <summary>For text that is known to be right; throws a <see cref="FormatException"/> otherwise.</summary>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is no digest: {Rule}.");

    public static Digest Of(ReadOnlySpan<byte> content) => FromHash(SHA256.HashData(content));

    public static Digest FromHash(ReadOnlySpan<byte> sha256) => new(Prefix + Convert.ToHexStringLower(sha256));

    public override string ToString() => Text;
}
