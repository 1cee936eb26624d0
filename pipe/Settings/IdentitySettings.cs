using EcsDeploy.Names;

namespace EcsDeploy.Settings;

/// <summary>The ways into AWS that were given: an OIDC token or keys, and the roles to take from there.</summary>
internal sealed record IdentitySettings
{
    /// <summary>BITBUCKET_STEP_OIDC_TOKEN; null without <c>oidc: true</c>.</summary>
    public Secret? OidcToken { get; init; }

    public AwsKeys? Keys { get; init; }

    public Arn? OidcRole { get; init; }

    public Arn? EcrRole { get; init; }

    public Arn? DeployRole { get; init; }

    public Arn? BaseRole { get; init; }

    public Arn? SourceEcrRole { get; init; }

    /// <summary>Who acts in the target account: its own role, else the one for everything, else the other account's; null for keys as they are.</summary>
    public Arn? RollRole => DeployRole ?? RoleForAll ?? EcrRole;

    /// <summary>Without a token the OIDC role cannot be entered; the keys stand in for it.</summary>
    public Arn? RoleForAll => OidcToken is null ? null : OidcRole;

    /// <summary>Any other account is refused before anything else is called there; empty means no guard could be derived.</summary>
    public IReadOnlyList<AccountId> AllowedAccounts { get; init; } = [];

    /// <summary>AWS_ALLOWED_ACCOUNT_IDS names them: then they hold for every account that is called, not only for those that are acted in.</summary>
    public bool AccountsGiven { get; init; }

    /// <summary>Says which role or keys act in the target account for want of DEPLOY_ROLE_ARN; empty where that needs no word.</summary>
    public string RollStandIn { get; init; } = string.Empty;

    /// <summary>The same for the registry account and ECR_ROLE_ARN.</summary>
    public string PushStandIn { get; init; } = string.Empty;

    /// <summary>The step's deployment environment by name, for messages about its token; null when it has none.</summary>
    public string? DeploymentEnvironment { get; init; }

    /// <summary>Region of the target account.</summary>
    public required string Region { get; init; }

    /// <summary>For want of AWS_DEFAULT_REGION it is that of ECR_REPOSITORY.</summary>
    public bool RegionIsRegistrys { get; init; }

    /// <summary>Name of every session, from repository and build number: 2–64 of <c>[\w+=,.@-]</c> (STS model).</summary>
    public string SessionName { get; init; } = "dotnet-ecs-deploy";
}

/// <summary>Keys of a user or of a session.</summary>
internal sealed record AwsKeys(string AccessKeyId, Secret SecretAccessKey, Secret? SessionToken);
