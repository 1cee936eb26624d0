using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Looks at the services that are to be rolled and refuses, before anything is changed, what cannot be.</summary>
/// <param name="search">Finds services.</param>
/// <param name="definitions">Reads what runs, and plans what will.</param>
/// <param name="log">What was found, and what is missing on it.</param>
/// <param name="pull">Looks whether the services' accounts may pull; null where nobody can tell.</param>
internal sealed class ServicePlanner(ServiceSearch search, TaskDefinitions definitions, ILogger log, PullCheck? pull = null)
{
    public async Task<IReadOnlyList<ServicePlan>> PlanAsync(IReadOnlyList<ServiceSettings> wanted, EcrRepository? repository, CancellationToken token)
    {
        var plans = await PlanAsync(await search.GetAsync(wanted, token), wanted, repository, token);
        foreach (var plan in plans)
        {
            TellVersions(plan.Service);
            TellOwner(plan.Service);
            WarnOfNoGuard(plan.Service);
        }

        await (pull?.CheckAsync(plans, token) ?? Task.CompletedTask);
        return plans;
    }

    /// <summary>The services as they are after a build that may have taken minutes; all of them are planned anew, since somebody may have changed a definition meanwhile.</summary>
    public async Task<IReadOnlyList<ServicePlan>> RefreshAsync(IReadOnlyList<ServicePlan> plans, EcrRepository? repository, CancellationToken token)
    {
        var now = await search.GetAsync([.. plans.Select(plan => plan.Settings)], token);
        foreach (var (_, service) in plans.Zip(now).Where(pair => pair.First.Service.TaskDefinition != pair.Second.TaskDefinition))
        {
            log.Warning("Service {Service} was given {TaskDefinition} by somebody else while the image was made: starting from that", service.Name, TaskDefinition.ShortName(service.TaskDefinition));
        }

        definitions.ForgetNewest();
        return await PlanAsync(now, [.. plans.Select(plan => plan.Settings)], repository, token);
    }

    private async Task<IReadOnlyList<ServicePlan>> PlanAsync(
        IReadOnlyList<ServiceState> services, IReadOnlyList<ServiceSettings> wanted, EcrRepository? repository, CancellationToken token)
    {
        var planning = await SideBySide.RunAsync(services.Zip(wanted), async pair =>
        {
            ServiceSearch.CheckRollable(pair.First);
            return new ServicePlan(pair.Second, pair.First, await definitions.PlanAsync(pair.First, pair.Second, repository, token));
        });
        return planning.Results();
    }

    private void TellVersions(ServiceState service)
    {
        var versions = RunningVersions.Of(service);
        log.Information(
            "Service {Service} in cluster {Cluster} runs {TaskDefinition}, {Running} of {Desired} tasks{Next}",
            service.Name, service.ClusterName, TaskDefinition.ShortName(versions.Served), versions.ServedTasks, service.DesiredCount,
            versions.Differ ? $", and is set to {TaskDefinition.ShortName(versions.New)}, of which {versions.NewTasks} run" : "");
    }

    /// <summary>Two tools that both set a service's task definition undo one another's work, unless one of them is told not to.</summary>
    private void TellOwner(ServiceState service)
    {
        if (ServiceOwner.Of(service) is { } owner)
        {
            log.Information("Service {Service} belongs to {Owner}: {Advice}", service.Name, owner.Name, owner.Advice);
        }
    }

    /// <summary>Without breaker and alarms ECS retries a broken version for ever: the pipe then decides, and says what to set.</summary>
    private void WarnOfNoGuard(ServiceState service)
    {
        if (service.Rules is { IsRolling: false, HasGuard: false })
        {
            log.Warning(
                "Service {Service} deploys by {Strategy} and has no alarms, so ECS starts tasks that crash again and again until the stage's time is over; the "
                + "pipe judges by the circuit breaker's formula instead. Set alarms: enable=true,rollback=true in the service's deploymentConfiguration",
                service.Name, service.Rules.Strategy);
        }
        else if (!service.Rules.HasGuard)
        {
            log.Warning(
                "Service {Service} has neither a deployment circuit breaker nor alarms, so ECS never calls a rollout failed; the pipe judges by the breaker's "
                + "formula instead. Set deploymentCircuitBreaker: enable=true,rollback=true on the service",
                service.Name);
        }
    }
}
