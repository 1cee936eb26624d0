using EcsDeploy.Aws;
using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;

namespace EcsDeploy.Deployment;

/// <summary>The same act on several services: an outcome for each, also for one that could not be acted on.</summary>
/// <param name="ecs">Says what serves after something went wrong.</param>
internal sealed class ServiceActs(EcsClient ecs)
{
    /// <param name="items">One for each service.</param>
    /// <param name="serviceOf">The service of an item.</param>
    /// <param name="act">Null when there was nothing to do.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="PipeException">Not one could be acted on.</exception>
    public async Task<DeploymentEnd> RunAsync<T>(
        IReadOnlyList<T> items, Func<T, ServiceState> serviceOf, Func<T, Task<RolloutOutcome?>> act, CancellationToken token)
    {
        var ended = await SideBySide.RunAsync(items, act);
        var outcomes = await ended.ResultsOrAsync<T, RolloutOutcome?>(async (item, failure) => await KeptAsync(serviceOf(item), failure, token));
        return new DeploymentEnd(null, [.. outcomes.OfType<RolloutOutcome>()]);
    }

    private async Task<RolloutOutcome> KeptAsync(ServiceState service, PipeException failure, CancellationToken token) => new()
    {
        Cluster = service.ClusterName,
        Service = service.Name,
        Verdict = Verdict.NotRolled.By(failure) with { Serving = await ServingAsync(service, token) },
        Before = TaskDefinition.ShortName(service.TaskDefinition),
        After = TaskDefinition.ShortName(service.TaskDefinition),
    };

    /// <summary>The same deployment alone, before and now: what went wrong has changed nothing.</summary>
    private async Task<Serving> ServingAsync(ServiceState before, CancellationToken token)
    {
        try
        {
            var now = await ecs.FindServiceAsync(before.ClusterArn, before.Name, token);
            return now is { Deployments: [var alone], RunningCount: > 0 } && before.Deployments is [var same] && alone.Id == same.Id ? Serving.Old : Serving.Unknown;
        }
        catch (AwsException)
        {
            return Serving.Unknown;
        }
    }
}
