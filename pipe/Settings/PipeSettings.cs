namespace EcsDeploy.Settings;

/// <summary>What this run was asked to do, checked as a whole before anything is touched.</summary>
internal sealed record PipeSettings
{
    public const string StandardOutputDirectory = ".dotnet-ecs-deploy";

    public required PipeAction Action { get; init; }

    public bool DryRun { get; init; }

    public bool Debug { get; init; }

    public required BitbucketContext Bitbucket { get; init; }

    public required IdentitySettings Identity { get; init; }

    public NetworkSettings Network { get; init; } = new();

    /// <summary>The central registry's repository; null for actions that need none.</summary>
    public RegistrySettings? Registry { get; init; }

    /// <summary>Where the image comes from; null for actions that take none.</summary>
    public ImageSource? Source { get; init; }

    /// <summary>The services to roll, in the order they were named; empty for <c>push</c> and <c>setup</c>.</summary>
    public IReadOnlyList<ServiceSettings> Services { get; init; } = [];

    public RolloutSettings Rollout { get; init; } = new();

    /// <summary>The environment's name: ENVIRONMENT, else Bitbucket's deployment environment; null when there is none.</summary>
    public string? Environment { get; init; }

    /// <summary>PROMOTE_FROM: the environment in which the digest must have succeeded; null when not asked.</summary>
    public string? PromoteFrom { get; init; }

    /// <summary>OUTPUT_DIR, relative to the clone.</summary>
    public string OutputDirectory { get; init; } = StandardOutputDirectory;

    /// <summary>REPORT: send a Code Insights report.</summary>
    public bool Report { get; init; } = true;

    /// <summary>What the log should say before anything else: where two places gave different values, which one holds.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
