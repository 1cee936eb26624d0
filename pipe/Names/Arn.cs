using System.Diagnostics.CodeAnalysis;

namespace EcsDeploy.Names;

/// <summary>An Amazon resource name, <c>arn:partition:service:region:account:resource</c>; region and account may be empty.</summary>
internal sealed record Arn
{
    public const string Rule = "an ARN such as arn:aws:iam::123456789012:role/name";

    private Arn(string text, string[] parts) => (Text, Parts) = (text, parts);

    public string Text { get; }

    public string Partition => Parts[1];

    public string Service => Parts[2];

    public string Region => Parts[3];

    public string Account => Parts[4];

    /// <summary>Everything behind the account: <c>role/path/name</c>, <c>service/cluster/name</c>.</summary>
    public string Resource => Parts[5];

    private string[] Parts { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Arn? arn)
    {
        var parts = text?.Split(':', 6) ?? [];
        var valid = parts is ["arn", { Length: > 0 }, { Length: > 0 }, _, _, { Length: > 0 }]
            && parts[1].StartsWith("aws", StringComparison.Ordinal)
            && !text!.Any(char.IsWhiteSpace);
        arn = valid ? new Arn(text!, parts) : null;
        return arn is not null;
    }

    /// <summary>For text that is known to be right; throws a <see cref="FormatException"/> otherwise.</summary>
    public static Arn Parse(string text) =>
        TryParse(text, out var arn) ? arn : throw new FormatException($"'{text}' is not {Rule}.");

    public bool Equals(Arn? other) => Text == other?.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
