using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcsDeploy.Logging;
using EcsDeploy.Settings;

namespace EcsDeploy.Aws;

/// <summary>What the step's OIDC token says of itself, for messages and for knowing how long it serves. Nothing is verified: that is AWS's part.</summary>
internal sealed record OidcToken
{
    private const int LongestClaim = 300;

    public string? Issuer { get; private init; }

    public IReadOnlyList<string> Audiences { get; private init; } = [];

    public string? Subject { get; private init; }

    public DateTimeOffset? Expires { get; private init; }

    /// <summary>Every other claim with a plain value, as Bitbucket names it.</summary>
    public IReadOnlyDictionary<string, string> Others { get; private init; } = new Dictionary<string, string>();

    /// <summary>Null when the text is no token that can be read.</summary>
    public static OidcToken? Read(Secret token)
    {
        if (token.Reveal().Split('.') is not [_, var payload, _])
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(Base64Url.DecodeFromChars(payload)) is JsonObject claims ? From(claims) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or DecoderFallbackException)
        {
            return null;
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder($"iss '{Issuer}', aud '{string.Join("', '", Audiences)}', sub '{Subject}'");
        foreach (var (name, value) in Others)
        {
            text.Append(", ").Append(name).Append(" '").Append(value).Append('\'');
        }

        return text.ToString();
    }

    private static OidcToken From(JsonObject claims) => new()
    {
        Issuer = Text(claims["iss"]),
        Audiences = claims["aud"] is JsonArray list ? [.. list.Select(Text).OfType<string>()] : Text(claims["aud"]) is { } one ? [one] : [],
        Subject = Text(claims["sub"]),
        Expires = claims["exp"] is JsonValue seconds && seconds.TryGetValue<long>(out var epoch) && epoch is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(epoch)
            : null,
        Others = claims
            .Where(claim => claim.Key is not ("iss" or "aud" or "sub" or "exp" or "iat" or "nbf" or "jti") && Text(claim.Value) is not null)
            .Take(20)
            .ToDictionary(claim => PlainText.Line(claim.Key, LongestClaim), claim => Text(claim.Value)!, StringComparer.Ordinal),
    };

    private static string? Text(JsonNode? claim) => claim is JsonValue value && value.TryGetValue<string>(out var text) ? PlainText.Line(text, LongestClaim) : null;
}
