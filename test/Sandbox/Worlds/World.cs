using Sandbox.Ecs.Engine;
using Sandbox.Faults;

namespace Sandbox.Worlds;

/// <summary>Everything that stands before the first call: accounts with their roles, and the Bitbucket workspace. Read from a file or made in code.</summary>
public sealed record World
{
    public string Region { get; init; } = "eu-west-1";

    public required IReadOnlyList<Account> Accounts { get; init; }

    public required Workspace Workspace { get; init; }

    /// <summary>ECR repositories that are there from the start.</summary>
    public IReadOnlyList<RepositorySeed> Repositories { get; init; } = [];

    /// <summary>ECS clusters that are there from the start.</summary>
    public IReadOnlyList<ClusterSeed> Clusters { get; init; } = [];

    /// <summary>What containers do; later rules go before earlier ones.</summary>
    public IReadOnlyList<BehaviourRule> Behaviours { get; init; } = [];

    /// <summary>What goes wrong on purpose.</summary>
    public IReadOnlyList<FaultRule> Faults { get; init; } = [];
}

/// <summary>An ECR repository with its first images.</summary>
public sealed record RepositorySeed
{
    public required string AccountId { get; init; }

    /// <summary>Null means the world's region.</summary>
    public string? Region { get; init; }

    public required string Name { get; init; }

    /// <summary>The repository policy as JSON text; null for none.</summary>
    public string? Policy { get; init; }

    /// <summary>MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION or IMMUTABLE_WITH_EXCLUSION.</summary>
    public string Mutability { get; init; } = "MUTABLE";

    /// <summary>Tag patterns to which the opposite applies.</summary>
    public IReadOnlyList<string> MutabilityExclusions { get; init; } = [];

    public bool ScansOnPush { get; init; }

    /// <summary>A tiny image is put under each of these tags.</summary>
    public IReadOnlyList<string> SampleTags { get; init; } = [];
}

/// <summary>One AWS account.</summary>
public sealed record Account
{
    /// <summary>12 digits.</summary>
    public required string Id { get; init; }

    /// <summary>The part of AWS that it belongs to, as its ARNs name it: <c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c>.</summary>
    public string Partition { get; init; } = "aws";

    /// <summary>aws:PrincipalOrgID of its principals; null for an account in no organization.</summary>
    public string? OrganizationId { get; init; }

    public IReadOnlyList<Role> Roles { get; init; } = [];

    public IReadOnlyList<User> Users { get; init; } = [];

    /// <summary>The OIDC providers registered in this account.</summary>
    public IReadOnlyList<OidcProvider> OidcProviders { get; init; } = [];

    /// <summary>Of what has no region: roles, users, sessions, providers.</summary>
    public string Arn(string service, string resource) => $"arn:{Partition}:{service}::{Id}:{resource}";
}

/// <summary>An IAM role; policies are JSON text as in IAM.</summary>
public sealed record Role
{
    public required string Name { get; init; }

    public required string TrustPolicy { get; init; }

    public IReadOnlyList<string> IdentityPolicies { get; init; } = [];

    public string? PermissionsBoundary { get; init; }

    public TimeSpan MaxSessionDuration { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>An IAM user with one pair of long-lived keys.</summary>
public sealed record User
{
    public required string Name { get; init; }

    public required string AccessKeyId { get; init; }

    public required string SecretAccessKey { get; init; }

    public IReadOnlyList<string> IdentityPolicies { get; init; } = [];
}

/// <summary>An OIDC provider of an account.</summary>
public sealed record OidcProvider
{
    /// <summary>With https:// or, for the sandbox's own issuer, whatever address it listens on.</summary>
    public required string Issuer { get; init; }

    /// <summary>The audiences that are accepted.</summary>
    public required IReadOnlyList<string> ClientIds { get; init; }
}

/// <summary>A Bitbucket workspace, as its OIDC tokens and its API name it.</summary>
public sealed record Workspace
{
    public string Slug { get; init; } = "acme";

    /// <summary>Without braces.</summary>
    public string Uuid { get; init; } = "11111111-2222-3333-4444-555555555555";

    public string RepositorySlug { get; init; } = "shop";

    /// <summary>With braces, as in claims.</summary>
    public string RepositoryUuid { get; init; } = "{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}";

    /// <summary>Deployment environments by name, to their UUIDs with braces.</summary>
    public IReadOnlyDictionary<string, string> Environments { get; init; } = new Dictionary<string, string>();
}
