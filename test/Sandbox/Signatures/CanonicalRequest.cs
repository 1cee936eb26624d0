using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sandbox.Signatures;

/// <summary>The text that Signature Version 4 signs, made from the request as it came over the wire.</summary>
internal static partial class CanonicalRequest
{
    public static string Of(HttpContext context, IReadOnlyList<string> signedHeaders, ReadOnlySpan<byte> body)
    {
        var request = context.Request;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n');
        text.Append('/').Append('\n');
        text.Append(Query(question < 0 ? "" : target[(question + 1)..])).Append('\n');
        foreach (var name in signedHeaders)
        {
            var values = name == "host" ? request.Host.Value : string.Join(',', request.Headers[name].Select(value => value?.Trim()));
            text.Append(name).Append(':').Append(Blanks().Replace(values ?? "", " ")).Append('\n');
        }

        text.Append('\n').AppendJoin(';', signedHeaders).Append('\n');
        return text.Append(Convert.ToHexStringLower(SHA256.HashData(body))).ToString();
    }

    /// <summary>Parameters by name, each part encoded anew as RFC 3986 says.</summary>
    private static string Query(string raw)
    {
        var pairs = raw.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(pair => $"{Encoded(pair[0])}={Encoded(pair.ElementAtOrDefault(1) ?? "")}");
        return string.Join('&', pairs.Order(StringComparer.Ordinal));
    }

    private static string Encoded(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));

    [GeneratedRegex(" {2,}")]
    private static partial Regex Blanks();
}
