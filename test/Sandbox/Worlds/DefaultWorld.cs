namespace Sandbox.Worlds;

/// <summary>The world of the demo and of most tests: a registry account, a dev account and a production account, with the roles that the README proposes.</summary>
public static class DefaultWorld
{
    public const string Registry = "111111111111";
    public const string Dev = "222222222222";
    public const string Production = "333333333333";

    /// <summary>Bitbucket's issuer as IAM writes it: no scheme.</summary>
    public const string Issuer = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";

    private static readonly Workspace Acme = new()
    {
        Environments = new Dictionary<string, string>
        {
            ["dev"] = "{dddddddd-0000-0000-0000-00000000000d}",
            ["production"] = "{eeeeeeee-0000-0000-0000-00000000000e}",
        },
    };

    public static World Create()
    {
        return new World
        {
            Workspace = Acme,
            Repositories = [new RepositorySeed { AccountId = Registry, Name = "shop", Policy = RolePolicies.Pull(Dev, Production) }],
            Clusters = [EcsSeeds.Cluster(Dev, "dev", 1), EcsSeeds.Cluster(Production, "production", 2)],
            Accounts =
            [
                Account(Registry, "registry", [RolePolicies.EcrPush(Acme), RolePolicies.EcrRead(Acme)]),
                Account(Dev, "dev", [RolePolicies.Deploy(Acme, Dev, "dev"), RolePolicies.TaskExecution(), RolePolicies.Task()]),
                Account(Production, "production", [RolePolicies.Deploy(Acme, Production, "production"), RolePolicies.TaskExecution(), RolePolicies.Task()]),
            ],
        };
    }

    /// <summary>Each account has one user who may do everything there, for people and command lines.</summary>
    private static Account Account(string id, string name, IReadOnlyList<Role> roles)
    {
        var admin = new User
        {
            Name = "admin",
            AccessKeyId = $"AKIA{name.ToUpperInvariant()}ADMIN".PadRight(20, 'X')[..20],
            SecretAccessKey = $"{name}+sandbox+secret+".PadRight(40, 'x'),
            IdentityPolicies = [RolePolicies.Everything],
        };
        return new Account
        {
            Id = id,
            OrganizationId = "o-acme000000",
            Roles = roles,
            Users = [admin],
            OidcProviders = [new OidcProvider { Issuer = $"https://{Issuer}", ClientIds = [$"ari:cloud:bitbucket::workspace/{Acme.Uuid}"] }],
        };
    }
}
