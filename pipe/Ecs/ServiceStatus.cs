using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>What runs on a service, since when, by whom, and what one can go back to.</summary>
internal sealed record ServiceStatus
{
    private const int MostWaysBack = 5;

    public required ServiceState Service { get; init; }

    /// <summary>Which revisions run.</summary>
    public required RunningVersions Versions { get; init; }

    /// <summary>What serves.</summary>
    public required TaskDefinition Definition { get; init; }

    /// <summary>What the service is set to and does not run alone, because a rollout is under way or failed; null when it is what serves.</summary>
    public TaskDefinition? Next { get; init; }

    /// <summary>The rollout under way, or the last one; null when the role may not see it.</summary>
    public ServiceDeploymentBrief? LastRollout { get; init; }

    /// <summary>The hook that the rollout under way waits at; null when it does not wait, or the role may not see it.</summary>
    public HookState? Pause { get; init; }

    /// <summary>When the definition became steady that serves now; null when nobody can tell, or it is still on its way.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The nearest first.</summary>
    public IReadOnlyList<RollbackTarget> WaysBack { get; init; } = [];

    /// <param name="ecs">Calls in the target account.</param>
    /// <param name="past">Of the service, with what it runs now.</param>
    /// <param name="finder">Knows the ways back.</param>
    /// <param name="token">Ends the wait.</param>
    public static async Task<ServiceStatus> ReadAsync(EcsClient ecs, ServicePast past, RollbackFinder finder, CancellationToken token)
    {
        var (last, pause) = await LastAsync(ecs, past.Service, token);
        var versions = RunningVersions.Of(past.Service);
        var served = versions.Served == past.Current.Arn ? past.Current : await ecs.DescribeTaskDefinitionAsync(versions.Served, token);
        return new ServiceStatus
        {
            Service = past.Service,
            Versions = versions,
            Definition = served,
            Next = versions.Differ ? past.Current : null,
            LastRollout = last,
            Pause = pause,
            Since = SteadySince(past.Service, versions.Served, await past.HistoryAsync(token)),
            WaysBack = await finder.ListAsync(token).Take(MostWaysBack).ToListAsync(token),
        };
    }

    /// <summary>The first success of an unbroken row; a rollout that was rolled back is no break, for the old version went on serving.</summary>
    private static DateTimeOffset? SteadySince(ServiceState service, string served, IReadOnlyList<GoodRevision> latestFirst) =>
        latestFirst.TakeWhile(item => item.TaskDefinition == served).LastOrDefault()?.SucceededAt
        ?? service.Deployments.FirstOrDefault(deployment => deployment.TaskDefinition == served && deployment.RolloutState == "COMPLETED")?.CreatedAt;

    private static async Task<(ServiceDeploymentBrief? Last, HookState? Pause)> LastAsync(EcsClient ecs, ServiceState service, CancellationToken token)
    {
        ServiceDeploymentBrief? last = null;
        try
        {
            last = await ecs.ListServiceDeploymentsAsync(service, 1, token) is [var newest, ..] ? newest : null;
            return (last, last is { IsOver: false } ? (await ecs.FindServiceDeploymentAsync(last.Arn, token))?.Pause : null);
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return (last, null);
        }
    }
}
