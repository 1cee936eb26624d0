using System.Globalization;

namespace Sandbox.Facts;

/// <summary>One way in which a value breaks its model.</summary>
/// <param name="Path">From the input's root, elements counted from 0: <c>tags[0].key</c>.</param>
/// <param name="Rule">What was broken.</param>
/// <param name="Constraint">The bound, pattern or values that were not met, or the kind that was expected.</param>
/// <param name="Value">What was sent, as AWS repeats it; null when nothing was.</param>
public sealed record Breach(string Path, BreachKind Rule, string Constraint, string? Value)
{
    /// <summary>The path as AWS writes it: elements counted from 1, <c>tags.1.member.key</c>.</summary>
    public string AwsPath => string.Concat(Path.Split('[').Select((part, index) => index == 0 ? part : Counted(part)));

    public override string ToString() => $"{Path}: {Rule} {Constraint} (was {Value ?? "nothing"})";

    private static string Counted(string part)
    {
        var end = part.IndexOf(']', StringComparison.Ordinal);
        // A map's key stands between its brackets instead of a number.
        return int.TryParse(part[..end], CultureInfo.InvariantCulture, out var index)
            ? $".{index + 1}.member{part[(end + 1)..]}"
            : $".{part[..end]}.member{part[(end + 1)..]}";
    }
}

/// <summary>The kinds of rule that a model sets.</summary>
public enum BreachKind
{
    Required,
    Type,
    Values,
    Pattern,
    MinLength,
    MaxLength,
    MinValue,
    MaxValue,
}
