using System.Globalization;
using EcsDeploy.Names;

namespace EcsDeploy.Aws;

/// <summary>Turns STS's short refusals into what is wrong and what to do about it; the token's claims are told, the token never.</summary>
internal static class SignInRefusals
{
    /// <summary>Of every audience that Bitbucket gives by itself.</summary>
    private const string OwnAudience = "ari:cloud:bitbucket::workspace/";

    /// <param name="refusal">What STS said.</param>
    /// <param name="token">What the token says of itself; null when it cannot be read.</param>
    /// <param name="role">What was to be taken.</param>
    /// <param name="environment">The step's deployment environment by name; null when it has none.</param>
    public static SignInException OfToken(AwsException refusal, OidcToken? token, Arn role, string? environment)
    {
        var said = $"STS said: {refusal.AwsMessage} ({refusal.Code}).";
        var claims = token is null ? "The token could not be decoded." : $"The token says: {token}.";
        var what = $"The step's OIDC token was not accepted for the role {role}. {said}\n{claims}\n";
        return new SignInException((what + Advice(refusal, token, role, environment)).TrimEnd(), refusal);
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

    private static string Advice(AwsException refusal, OidcToken? token, Arn role, string? environment)
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
            return Audience(token, role);
        }

        return refusal.IsAccessDenied ? Trust(token, role, environment)
            : refusal.Code == "InvalidIdentityToken"
                ? "Check that BITBUCKET_STEP_OIDC_TOKEN is the token that Bitbucket gave this step, unchanged, and that the identity provider of the role's account is this workspace's."
                : AwsAdvice.AdviceFor(refusal.Failure);
    }

    private static string Audience(OidcToken token, Arn role)
    {
        var asked = token.Audiences.Where(audience => !audience.StartsWith(OwnAudience, StringComparison.Ordinal)).ToList();
        return $"The identity provider {TrustPolicies.ProviderName(token)} of account {role.Account} does not list this audience. Add {string.Join(" or ", token.Audiences)} to it"
            + (asked.Count == 0 ? "." : $". Or take {string.Join(", ", asked)} out of the step's `oidc: audiences`: with `oidc: true` the audience is the workspace's own, {OwnAudience}{{uuid}}.");
    }

    /// <summary>What is most often wrong comes first: a policy that is copied without a thought may open one environment's role to another's steps.</summary>
    private static string Trust(OidcToken token, Arn role, string? environment)
    {
        string hint;
        if (TrustPolicies.NamesEnvironment(token))
        {
            var name = environment is null ? "a deployment environment" : $"the deployment environment '{environment}'";
            hint = $"The step runs in {name}. If the role is another environment's, the step has the wrong role or the wrong `deployment:`: correct that and leave the role as it is. "
                + "The policy below opens the role to every step of this repository in that environment.";
        }
        else
        {
            hint = "The step has no deployment environment. If the role is one environment's, add `deployment: <environment>` to the step and leave the role as it is. "
                + "The policy below opens the role to every step of this repository, in every environment and on every branch.";
        }

        return $"{hint}\nEither the role does not exist, or its trust policy does not fit the token. This one would:\n{TrustPolicies.ForToken(token, role)}";
    }
}
