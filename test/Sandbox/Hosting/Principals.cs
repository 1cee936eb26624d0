using Sandbox.Worlds;

namespace Sandbox.Hosting;

/// <summary>Keys for the principals of a world, without asking STS for them.</summary>
internal static class Principals
{
    public static AccessKeys KeysOf(SandboxParts parts, string arn)
    {
        if (arn.Split(':', 6) is not ["arn", _, "iam", "", var accountId, var path] || parts.World.Accounts.FirstOrDefault(account => account.Id == accountId) is not { } account)
        {
            throw new ArgumentException($"No account of this world has '{arn}'.", nameof(arn));
        }

        if (account.Users.FirstOrDefault(user => path == $"user/{user.Name}") is { } user)
        {
            return new AccessKeys(user.AccessKeyId, user.SecretAccessKey, null);
        }

        var role = account.Roles.FirstOrDefault(role => path == $"role/{role.Name}") ?? throw new ArgumentException($"There is no '{arn}' in this world.", nameof(arn));
        return parts.Credentials.Issue(new Caller
        {
            AccountId = accountId,
            Arn = account.Arn("sts", $"assumed-role/{role.Name}/sandbox"),
            RoleArn = arn,
            Expires = parts.Clock.GetUtcNow() + role.MaxSessionDuration,
        });
    }

    /// <summary>As GetAuthorizationToken gives it, which nobody was asked for.</summary>
    public static string RegistryPasswordOf(SandboxParts parts, string arn) =>
        parts.Ecr.Tokens.Issue(parts.Credentials.Find(KeysOf(parts, arn).AccessKeyId)!.Caller, parts.World.Region).Password;
}
