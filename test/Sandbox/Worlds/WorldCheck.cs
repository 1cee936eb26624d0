using System.Text.RegularExpressions;

namespace Sandbox.Worlds;

/// <summary>Finds what no type can say about a world: ids that are none, names that are taken twice, policies that are no policies.</summary>
internal static partial class WorldCheck
{
    /// <summary>The first thing that is wrong, as a sentence; null when all is well.</summary>
    public static string? Fault(World world)
    {
        return world.Accounts.Count is < 1 or > 250 ? "A world has between 1 and 250 accounts."
            : Twice(world.Accounts.Select(account => account.Id)) is { } account ? $"There are two accounts {account}."
            : Twice(world.Accounts.SelectMany(item => item.Users).Select(user => user.AccessKeyId)) is { } key ? $"Two users have the access key {key}."
            : world.Repositories.FirstOrDefault(repository => world.Accounts.All(item => item.Id != repository.AccountId)) is { } stray ? $"The repository {stray.Name} is in the account {stray.AccountId}, which is not in this world."
            : world.Accounts.Select(Fault).Concat(world.Repositories.Select(repository => Policy($"The policy of the repository {repository.Name}", repository.Policy))).FirstOrDefault(fault => fault is not null);
    }

    private static string? Fault(Account account)
    {
        return !AccountId().IsMatch(account.Id) ? $"'{account.Id}' is no account id: it has 12 digits, and stands in quotes when it begins with a zero."
            : Twice(account.Roles.Select(role => role.Name)) is { } role ? $"The account {account.Id} has two roles {role}."
            : account.OidcProviders.FirstOrDefault(item => !item.Issuer.StartsWith("https://", StringComparison.Ordinal)) is { } provider ? $"The issuer {provider.Issuer} of the account {account.Id} does not begin with https://."
            : account.Roles.Select(item => Fault(account, item)).Concat(account.Users.Select(item => Fault(account, item))).FirstOrDefault(fault => fault is not null);
    }

    private static string? Fault(Account account, Role role)
    {
        var name = $"The role {role.Name} of the account {account.Id}";
        return !Name().IsMatch(role.Name) ? $"{name} has a name that IAM does not take."
            : role.MaxSessionDuration < TimeSpan.FromHours(1) || role.MaxSessionDuration > TimeSpan.FromHours(12) ? $"{name} has sessions of {role.MaxSessionDuration}; there are 1 to 12 hours."
            : Policy($"{name}: its trust policy", role.TrustPolicy) ?? Policy($"{name}: its boundary", role.PermissionsBoundary) ?? Policies(name, role.IdentityPolicies);
    }

    private static string? Fault(Account account, User user)
    {
        var name = $"The user {user.Name} of the account {account.Id}";
        return !Name().IsMatch(user.Name) ? $"{name} has a name that IAM does not take."
            : !AccessKey().IsMatch(user.AccessKeyId) ? $"{name} has the access key '{user.AccessKeyId}'; it must be AKIA and 16 more capital letters or digits."
            : Policies(name, user.IdentityPolicies);
    }

    private static string? Policies(string owner, IReadOnlyList<string> policies) => policies.Select(policy => Policy($"{owner}: a policy", policy)).FirstOrDefault(fault => fault is not null);

    private static string? Policy(string name, string? text)
    {
        try
        {
            _ = text is null ? null : Authorization.Policy.Parse(text);
            return null;
        }
        catch (FormatException error)
        {
            return $"{name} is wrong: {error.Message}";
        }
    }

    private static string? Twice(IEnumerable<string> names) => names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;

    [GeneratedRegex(@"^\d{12}\z")]
    private static partial Regex AccountId();

    [GeneratedRegex(@"^[\w+=,.@-]{1,64}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^AKIA[A-Z0-9]{16}\z")]
    private static partial Regex AccessKey();
}
