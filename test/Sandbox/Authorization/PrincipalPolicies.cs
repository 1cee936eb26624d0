using Sandbox.Worlds;

namespace Sandbox.Authorization;

/// <summary>The policies that hang on a caller: of the role or user, of the boundary, of the session.</summary>
internal sealed record PrincipalPolicies
{
    public required IReadOnlyList<Policy> Identity { get; init; }

    /// <summary>Null when there is no boundary.</summary>
    public Policy? Boundary { get; init; }

    /// <summary>Null when the session was started without a policy.</summary>
    public Policy? Session { get; init; }

    public static PrincipalPolicies Of(World world, Caller caller)
    {
        var account = world.Accounts.FirstOrDefault(account => account.Id == caller.AccountId);
        var role = caller.RoleArn is { } arn ? RoleIn(account, arn) : null;
        var user = caller.RoleArn is null ? account?.Users.FirstOrDefault(user => caller.Arn == account.Arn("iam", $"user/{user.Name}")) : null;
        return new PrincipalPolicies
        {
            Identity = [.. (role?.IdentityPolicies ?? user?.IdentityPolicies ?? []).Select(Policy.Parse)],
            Boundary = role?.PermissionsBoundary is { } boundary ? Policy.Parse(boundary) : null,
            Session = caller.SessionPolicy is { } session ? Policy.Parse(session) : null,
        };
    }

    /// <summary>Null when the account has no role of this ARN.</summary>
    public static Role? RoleIn(Account? account, string arn) => account?.Roles.FirstOrDefault(role => arn == account.Arn("iam", $"role/{role.Name}"));
}
