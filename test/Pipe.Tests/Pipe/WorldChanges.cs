using Sandbox.Worlds;

namespace Pipe.Tests.Pipe;

/// <summary>The default world with one thing about it different.</summary>
internal static class WorldChanges
{
    public static World With(this World world, string account, Func<Account, Account> change) =>
        world with { Accounts = [.. world.Accounts.Select(one => one.Id == account ? change(one) : one)] };

    public static World WithRole(this World world, string account, string role, Func<Role, Role> change) =>
        world.With(account, owner => owner with { Roles = [.. owner.Roles.Select(one => one.Name == role ? change(one) : one)] });

    /// <summary>An action is taken away from a role; an empty one is none.</summary>
    public static World Without(this World world, string account, string role, string action) => action.Length == 0 ? world : world.WithRole(account, role, one => one with
    {
        IdentityPolicies = [.. one.IdentityPolicies.Select(policy => policy.Replace($"\"{action}\"", "\"sts:GetCallerIdentity\"", StringComparison.Ordinal))],
    });

    /// <summary>An action on one resource is denied to a role.</summary>
    public static World Denying(this World world, string account, string role, string action, string resource) => world.WithRole(account, role, one => one with
    {
        IdentityPolicies =
        [
            .. one.IdentityPolicies,
            $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"{{action}}","Resource":"{{resource}}"}]}""",
        ],
    });

    /// <summary>Dev's deploy role has the older permissions only.</summary>
    public static World WithoutRollouts(this World world) => world
        .Without(DefaultWorld.Dev, "deploy", "ecs:ListServiceDeployments")
        .Without(DefaultWorld.Dev, "deploy", "ecs:DescribeServiceDeployments")
        .Without(DefaultWorld.Dev, "deploy", "ecs:DescribeServiceRevisions");

    public static World WithRepository(this World world, Func<RepositorySeed, RepositorySeed> change) =>
        world with { Repositories = [.. world.Repositories.Select(one => one.Name == "shop" ? change(one) : one)] };

    /// <summary>Every service of dev, in the words of CreateService.</summary>
    public static World WithService(this World world, string text, string other) => world.WithServices(one => one with { Service = Replaced(one.Service, text, other) });

    /// <summary>Every task definition of dev, in the words of RegisterTaskDefinition.</summary>
    public static World WithTaskDefinition(this World world, string text, string other) =>
        world.WithServices(one => one with { TaskDefinition = Replaced(one.TaskDefinition, text, other) });

    /// <summary>Further services of dev, like the first but for their names.</summary>
    public static World WithMoreServices(this World world, params IReadOnlyList<string> names) => world with
    {
        Clusters = [.. world.Clusters.Select(cluster => cluster.Name != "dev" ? cluster : cluster with
        {
            Services = [.. cluster.Services, .. names.Select(name => cluster.Services[0] with { Service = Replaced(cluster.Services[0].Service, "\"shop\"", $"\"{name}\"") })],
        })],
    };

    /// <summary>The cluster dev has machines of its own.</summary>
    public static World WithInstances(this World world, int count) =>
        world with { Clusters = [.. world.Clusters.Select(cluster => cluster.Name == "dev" ? cluster with { Instances = count } : cluster)] };

    private static World WithServices(this World world, Func<ServiceSeed, ServiceSeed> change) => world with
    {
        Clusters = [.. world.Clusters.Select(cluster => cluster.Name == "dev" ? cluster with { Services = [.. cluster.Services.Select(change)] } : cluster)],
    };

    private static string Replaced(string whole, string text, string other) =>
        whole.Contains(text, StringComparison.Ordinal) ? whole.Replace(text, other, StringComparison.Ordinal) : throw new ArgumentException($"'{text}' is not in {whole}", nameof(text));
}
