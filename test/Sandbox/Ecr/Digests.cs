using System.Buffers;
using System.Security.Cryptography;

namespace Sandbox.Ecr;

/// <summary>What counts as a digest and as a tag.</summary>
internal static class Digests
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>ECR computes sha256 only.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: 71 } && text.StartsWith("sha256:", StringComparison.Ordinal) && text.AsSpan(7).IndexOfAnyExcept(Hex) < 0;

    public static string Of(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>OCI distribution spec, "tag"; ECR's own limit of 300 characters is wider (API ImageTag).</summary>
    public static bool IsTag(string? text) =>
        text is { Length: >= 1 and <= 300 } && text[0] is not ('.' or '-') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
