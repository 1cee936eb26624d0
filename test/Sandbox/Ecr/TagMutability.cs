using System.IO.Enumeration;

namespace Sandbox.Ecr;

/// <summary>Which tags may be moved to another image (API PutImageTagMutability).</summary>
/// <param name="Mode">MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION or IMMUTABLE_WITH_EXCLUSION.</param>
/// <param name="Exclusions">Tag patterns with '*' to which the opposite applies.</param>
public sealed record TagMutability(string Mode, IReadOnlyList<string> Exclusions)
{
    public static TagMutability Mutable { get; } = new("MUTABLE", []);

    public static TagMutability Immutable { get; } = new("IMMUTABLE", []);

    internal bool HasExclusions => Mode.EndsWith("_WITH_EXCLUSION", StringComparison.Ordinal);

    public bool Allows(string tag)
    {
        var excluded = HasExclusions && Exclusions.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, tag, ignoreCase: false));
        return Mode.StartsWith("MUTABLE", StringComparison.Ordinal) != excluded;
    }
}
