using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Sandbox.Wire;

namespace Sandbox.Sts;

/// <summary>A JSON Web Token, taken apart and not yet believed.</summary>
internal sealed record WebIdentityToken
{
    public required string Algorithm { get; init; }

    public required string? KeyId { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    /// <summary>One, or a list.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    public required long IssuedAt { get; init; }

    public required long Expires { get; init; }

    /// <summary>Null when the token does not say.</summary>
    public required long? NotBefore { get; init; }

    public required byte[] Signed { get; init; }

    public required byte[] Signature { get; init; }

    /// <summary>Throws InvalidIdentityToken for what is no such token.</summary>
    public static WebIdentityToken Parse(string text)
    {
        if (text.Split('.') is not [var header, var payload, var signature])
        {
            throw Malformed();
        }

        try
        {
            var (head, claims) = (Part(header), Part(payload));
            return new WebIdentityToken
            {
                Algorithm = Text(head, "alg"),
                KeyId = (string?)head["kid"],
                Issuer = Text(claims, "iss"),
                Subject = Text(claims, "sub"),
                Audiences = claims["aud"] is JsonArray list ? [.. list.Select(item => (string)item!)] : [Text(claims, "aud")],
                IssuedAt = Moment(claims, "iat") ?? throw Missing("iat"),
                Expires = Moment(claims, "exp") ?? throw Missing("exp"),
                NotBefore = Moment(claims, "nbf"),
                Signed = Encoding.UTF8.GetBytes($"{header}.{payload}"),
                Signature = WebEncoders.Base64UrlDecode(signature),
            };
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw Malformed();
        }
    }

    private static JsonObject Part(string part) =>
        JsonNode.Parse(WebEncoders.Base64UrlDecode(part), null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw Malformed();

    private static string Text(JsonObject part, string name) => (string?)part[name] ?? throw Missing(name);

    /// <summary>Timestamps must be integers: authorization.md 4.</summary>
    private static long? Moment(JsonObject claims, string name)
    {
        return claims[name] switch
        {
            null => null,
            JsonValue value when value.TryGetValue<long>(out var seconds) => seconds,
            _ => throw Malformed(),
        };
    }

    private static ApiException Missing(string claim) => StsErrors.InvalidToken($"Missing a required claim: {claim}");

    private static ApiException Malformed() =>
        StsErrors.InvalidToken("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
}
