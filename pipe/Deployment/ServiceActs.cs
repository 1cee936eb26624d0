using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;

namespace EcsDeploy.Deployment;

/// <summary>The same act on several services: an outcome for each, also for one that could not be acted on.</summary>
internal static class ServiceActs
{
    /// <param name="items">One for each service.</param>
    /// <param name="serviceOf">The service of an item.</param>
    /// <param name="act">Null when there was nothing to do.</param>
    /// <exception cref="PipeException">Not one could be acted on.</exception>
    public static async Task<DeploymentEnd> RunAsync<T>(IReadOnlyList<T> items, Func<T, ServiceState> serviceOf, Func<T, Task<RolloutOutcome?>> act)
    {
        var ended = await SideBySide.RunAsync(items, act);
        var outcomes = ended.All(one => one.Failure is not null)
            ? ended.Results()
            : ended.Select(one => one.Failure is { } failure ? Kept(serviceOf(one.Item), failure) : one.Result);
        return new DeploymentEnd(null, [.. outcomes.OfType<RolloutOutcome>()]);
    }

    private static RolloutOutcome Kept(ServiceState service, PipeException failure) => new()
    {
        Cluster = service.ClusterName,
        Service = service.Name,
        Verdict = new Verdict.NotRolled(failure.ExitCode) { Reasons = failure.Message.Split('\n') },
        Before = TaskDefinition.ShortName(service.TaskDefinition),
        After = TaskDefinition.ShortName(service.TaskDefinition),
    };
}
