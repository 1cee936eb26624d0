using System.Net;
using Sandbox.Bitbucket;
using Sandbox.Tests.Wire;
using Sandbox.Worlds;

namespace Sandbox.Tests.Sts;

/// <summary>What the tests of STS's operations share: the calls, and roles that trust this or that.</summary>
internal static class StsTests
{
    public const string Dev = DefaultWorld.Dev;
    public const string Provider = $"arn:aws:iam::{Dev}:oidc-provider/{DefaultWorld.Issuer}";

    /// <summary>The default world with more roles in the dev account.</summary>
    public static SandboxOptions With(params Role[] roles) => With(roles, []);

    /// <summary>… and with other policies on its user, unless there are none.</summary>
    public static SandboxOptions With(IReadOnlyList<Role> roles, IReadOnlyList<string> adminPolicies)
    {
        var world = DefaultWorld.Create();
        var accounts = world.Accounts.Select(account => account.Id != Dev ? account : account with
        {
            Roles = [.. account.Roles, .. roles],
            Users = adminPolicies.Count == 0 ? account.Users : [account.Users[0] with { IdentityPolicies = adminPolicies }],
        });
        return new SandboxOptions { World = world with { Accounts = [.. accounts] } };
    }

    public static Role Trusting(string principal, string actions = "\"sts:AssumeRole\"", string condition = "{}")
    {
        var statement = $$"""{"Effect":"Allow","Principal":{{principal}},"Action":[{{actions}}],"Condition":{{condition}}}""";
        return new Role { Name = "wanted", TrustPolicy = $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""", IdentityPolicies = [Everything] };
    }

    public const string Wanted = $"arn:aws:iam::{Dev}:role/wanted";

    public const string Everything = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    public const string Nothing = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}""";

    public static Task<ApiAnswer> AssumeAsync(SandboxServer sandbox, AccessKeys keys, string role, params (string Key, string Value)[] more) =>
        CallAsync(sandbox, keys, "AssumeRole", role, more);

    public static Task<ApiAnswer> AssumeByTokenAsync(SandboxServer sandbox, string role, OidcTokenRequest token, params (string Key, string Value)[] more)
    {
        // The keys are wrong on purpose: this call is not signed by anyone.
        var stranger = new AccessKeys("AKIANOBODYNOBODYNOBO", "x", null);
        return CallAsync(sandbox, stranger, "AssumeRoleWithWebIdentity", role, [("WebIdentityToken", sandbox.OidcToken(token)), .. more]);
    }

    /// <summary>The keys in the answer of either operation.</summary>
    public static AccessKeys KeysIn(ApiAnswer answer)
    {
        Xunit.Assert.Equal(HttpStatusCode.OK, answer.Status);
        return new AccessKeys(answer.Xml("AccessKeyId")!, answer.Xml("SecretAccessKey")!, answer.Xml("SessionToken"));
    }

    private static async Task<ApiAnswer> CallAsync(SandboxServer sandbox, AccessKeys keys, string operation, string role, (string Key, string Value)[] more)
    {
        using var client = new SignedClient(sandbox.Endpoint, keys);
        var input = new Dictionary<string, string> { ["RoleArn"] = role, ["RoleSessionName"] = "step-1" };
        foreach (var (key, value) in more)
        {
            input[key] = value;
        }

        return await client.StsAsync(operation, input, Xunit.TestContext.Current.CancellationToken);
    }
}
