using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Sandbox.Facts;

/// <summary>The models' regular expressions: a text must match from its first character to its last.</summary>
internal static class Patterns
{
    private static readonly ConcurrentDictionary<string, Regex> Known = new();

    public static bool Matches(string pattern, string value) => Known.GetOrAdd(pattern, Make).IsMatch(value);

    /// <summary>Without backtracking: the repository name's pattern takes exponential time on hostile names.</summary>
    private static Regex Make(string pattern) => new($@"\A(?:{Ascii(pattern)})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Java's \w and \d are ASCII, .NET's are not.</summary>
    private static string Ascii(string pattern)
    {
        var text = new StringBuilder();
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var two = i + 1 < pattern.Length && pattern[i] == '\\' ? pattern.Substring(i, 2) : pattern[i].ToString();
            inClass = two switch { "[" => true, "]" => false, _ => inClass };
            var range = two switch { @"\w" => "a-zA-Z_0-9", @"\d" => "0-9", _ => null };
            text.Append(range is null ? two : inClass ? range : $"[{range}]");
            i += two.Length - 1;
        }

        return text.ToString();
    }
}
