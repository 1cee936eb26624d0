using System.Globalization;
using System.Text;

namespace EcsDeploy.Logging;

/// <summary>Makes text from outside fit for one line of a log or a message: no control characters, no invisible reordering, bounded.</summary>
internal static class PlainText
{
    public const int DefaultLimit = 2000;

    /// <summary>The text on one line, without space around it.</summary>
    public static string Line(string? text, int limit = DefaultLimit) => Clean(text, limit).Trim();

    /// <summary>Line breaks and tabs become a space, other control and format characters disappear; what is longer than the limit ends in "…".</summary>
    public static string Clean(string? text, int limit)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        var cut = text.Length > limit;
        var line = new StringBuilder(Math.Min(text.Length, limit) + 1);
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, limit)))
        {
            Append(line, character);
        }

        // Half of a surrogate pair at the cut would be no character at all.
        if (cut && char.IsHighSurrogate(text[limit - 1]))
        {
            line.Length--;
        }

        return (cut ? line.Append('…') : line).ToString();
    }

    private static void Append(StringBuilder line, char character)
    {
        if (character is '\r' or '\n' or '\t' or '\u2028' or '\u2029' or '\u0085')
        {
            if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }
        else if (char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format))
        {
            line.Append(character);
        }
    }
}
