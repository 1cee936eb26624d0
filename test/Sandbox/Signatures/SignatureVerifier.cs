using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Signatures;

/// <summary>
/// Recomputes the signature of an API call and says whose it is. Errors are thrown under the names of the JSON services;
/// <see cref="Sts.StsErrors"/> has those of STS.
/// </summary>
internal sealed partial class SignatureVerifier(CredentialStore credentials, TimeProvider clock)
{
    private const string DateFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string Mismatch =
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The caller and the region of the credential scope.</summary>
    public (Caller Caller, string Region) Verify(HttpContext context, string service, ReadOnlyMemory<byte> body)
    {
        var header = Parsed(context.Request);
        var date = context.Request.Headers["X-Amz-Date"].ToString();
        var credential = credentials.Find(header.AccessKeyId);
        if (credential is null || !SameToken(credential.Keys.SessionToken, context.Request.Headers["X-Amz-Security-Token"].ToString()))
        {
            throw new ApiException("UnrecognizedClientException", "The security token included in the request is invalid.");
        }

        CheckScope(header, service, date);
        CheckAge(date);
        CheckSignature(context, header, credential.Keys, date, body.Span);
        return credential.Caller.Expires is { } end && end <= clock.GetUtcNow()
            ? throw new ApiException("ExpiredTokenException", "The security token included in the request is expired")
            : (credential.Caller, header.Region);
    }

    private static AuthorizationHeader Parsed(HttpRequest request)
    {
        var text = request.Headers.Authorization.ToString();
        if (text.Length is 0)
        {
            throw new ApiException("MissingAuthenticationTokenException", "Missing Authentication Token");
        }

        if (!text.StartsWith(AuthorizationHeader.Algorithm + " ", StringComparison.Ordinal))
        {
            throw new ApiException("IncompleteSignatureException", $"Authorization header must begin with '{AuthorizationHeader.Algorithm}'.");
        }

        return AuthorizationHeader.Parse(text, request.Headers.ContainsKey("X-Amz-Date"), out var faults) ?? throw new ApiException("IncompleteSignatureException", faults);
    }

    private static bool SameToken(string? expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected ?? ""), Encoding.UTF8.GetBytes(given));

    private static void CheckScope(AuthorizationHeader header, string service, string date)
    {
        if (header.Service != service)
        {
            throw Invalid($"Credential should be scoped to correct service: '{service}'. ");
        }

        if (!Region().IsMatch(header.Region))
        {
            throw Invalid("Credential should be scoped to a valid region. ");
        }

        if (!date.StartsWith(header.Date, StringComparison.Ordinal))
        {
            throw Invalid($"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{header.Date}' != '{date}', from '{date}'.");
        }

        if (!header.SignedHeaders.Contains("host"))
        {
            throw Invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }

        if (!header.SignedHeaders.Contains("x-amz-date"))
        {
            throw Invalid("'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.");
        }
    }

    /// <summary>Clients date their signatures by their own clock, which no test can move: this alone looks at the real one.</summary>
    private static void CheckAge(string date)
    {
        if (!DateTimeOffset.TryParseExact(date, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var signed))
        {
            throw new ApiException("IncompleteSignatureException", $"Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601");
        }

        var now = DateTimeOffset.UtcNow;
        if (signed < now - Tolerance)
        {
            throw Invalid($"Signature expired: {date} is now earlier than {Text(now - Tolerance)} ({Text(now)} - 5 min.)");
        }

        if (signed > now + Tolerance)
        {
            throw Invalid($"Signature not yet current: {date} is still later than {Text(now + Tolerance)} ({Text(now)} + 5 min.)");
        }
    }

    private static void CheckSignature(HttpContext context, AuthorizationHeader header, AccessKeys keys, string date, ReadOnlySpan<byte> body)
    {
        var request = CanonicalRequest.Of(context, header.SignedHeaders, body);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)));
        var toSign = $"{AuthorizationHeader.Algorithm}\n{date}\n{header.Scope}\n{hash}";
        var key = Encoding.UTF8.GetBytes("AWS4" + keys.SecretAccessKey);
        foreach (var part in (string[])[header.Date, header.Region, header.Service, "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(header.Signature)))
        {
            throw Invalid(Mismatch);
        }
    }

    private static string Text(DateTimeOffset moment) => moment.ToString(DateFormat, CultureInfo.InvariantCulture);

    private static ApiException Invalid(string message) => new("InvalidSignatureException", message);

    [GeneratedRegex("^[a-z]{2}(-[a-z]+){1,3}-[0-9]{1,2}$")]
    private static partial Regex Region();
}
