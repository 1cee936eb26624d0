using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>What runs on a service, since when, by whom, and what one can go back to.</summary>
internal sealed record ServiceStatus
{
    public required ServiceState Service { get; init; }

    public required TaskDefinition Definition { get; init; }

    /// <summary>The rollout under way, or the last one; null when the role may not see it.</summary>
    public ServiceDeploymentBrief? LastRollout { get; init; }

    /// <summary>The nearest first.</summary>
    public IReadOnlyList<RollbackTarget> WaysBack { get; init; } = [];

    public string? Commit => Definition.Tag("commit");

    public string? Build => Definition.Tag("build");

    public DateTimeOffset? Since => LastRollout?.FinishedAt ?? Service.Primary?.CreatedAt;

    public string? By => Definition.RegisteredBy;

    public static async Task<ServiceStatus> ReadAsync(EcsClient ecs, ServiceState service, CancellationToken token) => new()
    {
        Service = service,
        Definition = await ecs.DescribeTaskDefinitionAsync(service.TaskDefinition, token),
        LastRollout = await LastAsync(ecs, service, token),
        WaysBack = await new RollbackFinder(ecs).ListAsync(service, token),
    };

    private static async Task<ServiceDeploymentBrief?> LastAsync(EcsClient ecs, ServiceState service, CancellationToken token)
    {
        try
        {
            return await ecs.ListServiceDeploymentsAsync(service, 1, token) is [var last, ..] ? last : null;
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return null;
        }
    }
}
