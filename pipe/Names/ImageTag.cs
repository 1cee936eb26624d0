using System.Diagnostics.CodeAnalysis;

namespace EcsDeploy.Names;

/// <summary>A label on a digest (OCI distribution spec: 1–128 characters of A–Z a–z 0–9 _ . -, not starting with . or -).</summary>
internal sealed record ImageTag
{
    public const string Rule = "1 to 128 characters of A-Z, a-z, 0-9, '_', '.' and '-', not starting with '.' or '-'";

    private ImageTag(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageTag? tag)
    {
        var valid = text is { Length: >= 1 and <= 128 }
            && text[0] is not ('.' or '-')
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
        tag = valid ? new ImageTag(text!) : null;
        return tag is not null;
    }

    /// <summary>For text that is known to be right; throws a <see cref="FormatException"/> otherwise.</summary>
    public static ImageTag Parse(string text) =>
        TryParse(text, out var tag) ? tag : throw new FormatException($"'{text}' is no image tag: {Rule}.");

    public override string ToString() => Text;
}
