using System.Text.RegularExpressions;

namespace Sandbox.Signatures;

/// <summary>An Authorization header of Signature Version 4, taken apart.</summary>
internal sealed partial record AuthorizationHeader
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    public required string AccessKeyId { get; init; }

    /// <summary><c>yyyyMMdd</c>.</summary>
    public required string Date { get; init; }

    public required string Region { get; init; }

    public required string Service { get; init; }

    /// <summary>Sorted, as AWS sorts them before it signs.</summary>
    public required IReadOnlyList<string> SignedHeaders { get; init; }

    public required string Signature { get; init; }

    public string Scope => $"{Date}/{Region}/{Service}/aws4_request";

    /// <summary>Null with the sentences that AWS says about what is missing.</summary>
    public static AuthorizationHeader? Parse(string header, bool hasDate, out string faults)
    {
        var parts = Parts(header);
        var missing = new List<string>();
        missing.AddRange(from name in (string[])["Credential", "Signature", "SignedHeaders"] where !parts.ContainsKey(name) select $"Authorization header requires '{name}' parameter.");
        if (!hasDate)
        {
            missing.Add("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        }

        var scope = parts.GetValueOrDefault("Credential", "").Split('/');
        if (missing.Count is 0 && (scope.Length is not 5 || scope[4] != "aws4_request"))
        {
            missing.Add("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.");
        }

        faults = string.Join(' ', missing);
        return missing.Count > 0 ? null : new AuthorizationHeader
        {
            AccessKeyId = scope[0],
            Date = scope[1],
            Region = scope[2],
            Service = scope[3],
            SignedHeaders = [.. parts["SignedHeaders"].Split(';').Order(StringComparer.Ordinal)],
            Signature = parts["Signature"],
        };
    }

    private static Dictionary<string, string> Parts(string header)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var match in Part().EnumerateMatches(header))
        {
            var part = header.AsSpan(match.Index, match.Length);
            var equals = part.IndexOf('=');
            parts[part[..equals].ToString()] = part[(equals + 1)..].ToString();
        }

        return parts;
    }

    [GeneratedRegex("(?<=[ ,])(Credential|SignedHeaders|Signature)=[^, ]+")]
    private static partial Regex Part();
}
