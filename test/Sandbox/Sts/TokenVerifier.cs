using Sandbox.Bitbucket;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Sts;

/// <summary>Believes a token or says why not, in STS's order and words (authorization.md 2.4): provider, keys, audience, then dates.</summary>
internal sealed class TokenVerifier(OidcIssuer issuer, TimeProvider clock)
{
    private const long ClockSkew = 300;

    /// <summary>The one report of "Token too old" does not say the limit; a day is ours.</summary>
    private static readonly long OldestToken = (long)TimeSpan.FromDays(1).TotalSeconds;

    /// <summary>The audience that the provider accepts.</summary>
    public string Verify(WebIdentityToken token, Account? account)
    {
        var provider = account?.OidcProviders.FirstOrDefault(provider => provider.Issuer == token.Issuer)
            ?? throw StsErrors.InvalidToken($"No OpenIDConnect provider found in your account for {token.Issuer}");
        if (token.Issuer != issuer.Address || token.Algorithm != "RS256" || token.KeyId != SigningKey.Id)
        {
            // The two blanks are AWS's.
            throw StsErrors.InvalidToken("Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements");
        }

        if (!SigningKey.Published.Verify(token.Signed, token.Signature))
        {
            // No report of this case was found: the words are those of the model's InvalidIdentityTokenException.
            throw StsErrors.InvalidToken("The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request.");
        }

        var audience = token.Audiences.FirstOrDefault(provider.ClientIds.Contains) ?? throw StsErrors.InvalidToken("Incorrect token audience");
        CheckDates(token, clock.GetUtcNow().ToUnixTimeSeconds());
        return audience;
    }

    private static void CheckDates(WebIdentityToken token, long now)
    {
        if (now >= token.Expires)
        {
            throw new ApiException("ExpiredTokenException", $"Token expired: current date/time {now} must be before the expiration date/time {token.Expires}");
        }

        if (now - token.IssuedAt > OldestToken)
        {
            throw new ApiException("ExpiredTokenException", $"Token too old: {now - token.IssuedAt}");
        }

        if (Math.Max(token.IssuedAt, token.NotBefore ?? 0) > now + ClockSkew)
        {
            // Inferred: the rule is documented, the words are ours.
            throw StsErrors.InvalidToken("Token not yet valid");
        }
    }
}
