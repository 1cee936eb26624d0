using System.Text.Json.Nodes;
using Sandbox.Authorization;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Sts;

/// <summary>AssumeRoleWithWebIdentity: a step's token takes a role whose trust policy knows its issuer, audience and subject.</summary>
internal sealed class AssumeRoleWithWebIdentity(World world, Authorizer authorizer, TokenVerifier verifier, Sessions sessions)
{
    private const string Action = "sts:AssumeRoleWithWebIdentity";

    public JsonObject Answer(ApiCall call)
    {
        Asked.NoPermissionNeeded();
        var request = SessionRequest.Read(call.Input);
        var token = WebIdentityToken.Parse((string)call.Input["WebIdentityToken"]!);
        var accountId = request.RoleArn.Split(':').ElementAtOrDefault(4);
        var account = world.Accounts.FirstOrDefault(account => account.Id == accountId);
        var audience = verifier.Verify(token, account);

        var provider = token.Issuer["https://".Length..];
        var claims = new Dictionary<string, string> { [$"{provider}:aud"] = audience, [$"{provider}:sub"] = token.Subject };
        if (authorizer.FindRole(request.RoleArn) is not { } found || !IsTrusted(request, found.Role, found.Account.Arn("iam", $"oidc-provider/{provider}"), claims))
        {
            // Neither ARN nor reason, and no word of whether there is such a role: authorization.md 2.4.
            throw new ApiException("AccessDeniedException", $"Not authorized to perform {Action}");
        }

        if (request.Duration > found.Role.MaxSessionDuration)
        {
            throw StsErrors.DurationTooLong;
        }

        // These two alone stay usable as condition keys of the session: authorization.md 4.
        var answer = sessions.Start(request, found.Account, found.Role, claims);
        answer["SubjectFromWebIdentityToken"] = token.Subject;
        answer["Provider"] = token.Issuer;
        answer["Audience"] = audience;
        return answer;
    }

    private bool IsTrusted(SessionRequest request, Role role, string provider, Dictionary<string, string> claims)
    {
        var keys = request.Keys();
        foreach (var (key, value) in claims)
        {
            keys[key] = [value];
        }

        return authorizer.Trusts(role, Action, request.RoleArn, clause => clause.Federated.Contains(provider), keys);
    }
}
