using Sandbox.Worlds;

namespace Sandbox.Authorization;

/// <summary>Who there is to be named: AWS keeps no resource policy about an account, a user or a role that does not exist.</summary>
internal sealed class KnownPrincipals(World world)
{
    /// <param name="principal">An account's id, or an ARN of an account, user, role or session.</param>
    public bool Contains(string principal)
    {
        if (principal is "*")
        {
            return true;
        }

        var parts = principal.Split(':', 6);
        var id = parts.Length == 6 ? parts[4] : principal;
        return world.Accounts.FirstOrDefault(account => account.Id == id) is { } account
            && (parts.Length == 1 || (parts is ["arn", _, "iam" or "sts", "", _, var name] && IsIn(account, $"{parts[2]}:{name}")));
    }

    private static bool IsIn(Account account, string name) => name.Split('/') switch
    {
        ["iam:root"] => true,
        ["iam:user", .. var path] => account.Users.Any(user => user.Name == string.Join('/', path)),
        ["iam:role", .. var path] => account.Roles.Any(role => role.Name == string.Join('/', path)),
        ["sts:assumed-role", var taken, _] => account.Roles.Any(role => role.Name == taken),
        _ => false,
    };
}
