namespace Sandbox.Authorization;

/// <summary>IAM's patterns: <c>*</c> is any run of letters, <c>?</c> any one.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string text, bool ignoreCase = false)
    {
        int at = 0, p = 0, star = -1, retry = 0;
        while (at < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                retry = at;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || Same(pattern[p], text[at], ignoreCase)))
            {
                p++;
                at++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                at = ++retry;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    /// <summary>Each of an ARN's six parts against its own pattern; a star at the pattern's very end goes on over colons (IAM, "Resource element").</summary>
    public static bool MatchesArn(string pattern, string arn)
    {
        var patterns = pattern.Split(':', 6);
        var parts = arn.Split(':', 6);
        if (patterns.Length < 6)
        {
            return patterns[^1].EndsWith('*') && patterns.Length <= parts.Length
                && patterns[..^1].Zip(parts).All(pair => Matches(pair.First, pair.Second))
                && Matches(patterns[^1], string.Join(':', parts[(patterns.Length - 1)..]));
        }

        return parts.Length is 6 && patterns.Zip(parts).All(pair => Matches(pair.First, pair.Second));
    }

    private static bool Same(char a, char b, bool ignoreCase) => a == b || (ignoreCase && char.ToUpperInvariant(a) == char.ToUpperInvariant(b));
}
