using System.Text.RegularExpressions;

namespace EcsDeploy.Registry;

/// <summary>One WWW-Authenticate header: a scheme and its parameters (RFC 9110 §11.6.1).</summary>
internal sealed partial record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public static IReadOnlyList<Challenge> Of(HttpResponseMessage response) =>
        [.. response.Headers.WwwAuthenticate.Select(header => new Challenge(header.Scheme, Parse(header.Parameter ?? "")))];

    public string? this[string name] => Parameters.GetValueOrDefault(name);

    private static Dictionary<string, string> Parse(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Parameter().Matches(text))
        {
            parameters[match.Groups["name"].Value] = match.Groups["quoted"].Success ? match.Groups["quoted"].Value.Replace("\\", "", StringComparison.Ordinal) : match.Groups["token"].Value;
        }

        return parameters;
    }

    [GeneratedRegex("""(?<name>[A-Za-z0-9_-]+)\s*=\s*("(?<quoted>([^"\\]|\\.)*)"|(?<token>[^\s,"]+))""", RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();
}
