using System.Globalization;
using EcsDeploy.Names;

namespace EcsDeploy.Aws;

/// <summary>Turns STS's short refusals into what is wrong and what to do about it; the token's claims are told, the token never.</summary>
internal static class SignInRefusals
{
    public static SignInException OfToken(AwsException refusal, OidcToken? token, Arn role)
    {
        var said = $"STS said: {refusal.AwsMessage} ({refusal.Code}).";
        var claims = token is null ? "The token could not be decoded." : $"The token says: {token}.";
        var what = $"The step's OIDC token was not accepted for the role {role}. {said}\n{claims}\n";
        return new SignInException(what + Advice(refusal, token, role), refusal);
    }

    public static SignInException OfChain(AwsException refusal, string caller, Arn role)
    {
        var what = $"{caller} could not take the role {role}. STS said: {refusal.AwsMessage} ({refusal.Code}).";
        if (!refusal.IsAccessDenied)
        {
            return new SignInException($"{what} {AwsAdvice.AdviceFor(refusal.Failure)}".TrimEnd(), refusal);
        }

        return new SignInException(
            $"{what}\nEither the role does not exist, or the caller's own policies do not allow sts:AssumeRole on it, or its trust policy does not name the caller. This one would:\n"
            + TrustPolicies.ForPrincipal(caller),
            refusal);
    }

    private static string Advice(AwsException refusal, OidcToken? token, Arn role)
    {
        var text = refusal.AwsMessage;
        if (token is null)
        {
            return "Check that BITBUCKET_STEP_OIDC_TOKEN is the token that Bitbucket gives the step with `oidc: true`.";
        }

        if (refusal.Code.StartsWith("ExpiredToken", StringComparison.Ordinal))
        {
            var end = token.Expires is { } expires ? expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : "an unknown time";
            return $"The token ended at {end}; it is made when the step starts. Let the pipe run earlier in the step, or in a step of its own.";
        }

        if (text.StartsWith("No OpenIDConnect provider", StringComparison.Ordinal))
        {
            return $"Account {role.Account} has no identity provider for this issuer. Create one in its IAM: provider URL {token.Issuer}, audience {string.Join(" or ", token.Audiences)}.";
        }

        if (text.Contains("audience", StringComparison.OrdinalIgnoreCase))
        {
            return $"The identity provider {TrustPolicies.ProviderName(token)} of account {role.Account} does not list this audience. Add {string.Join(" or ", token.Audiences)} to it.";
        }

        return refusal.IsAccessDenied
            ? $"Either the role does not exist, or its trust policy does not fit the token. This one would:\n{TrustPolicies.ForToken(token, role)}"
            : AwsAdvice.AdviceFor(refusal.Failure);
    }
}
