using EcsDeploy.Aws;
using EcsDeploy.Ecr;
using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Finds out, by reading only, where a service can be taken back to.</summary>
internal sealed class RollbackPlanner(EcsSide ecs, Func<EcrRepository, EcrClient> registry, PipeSettings settings, ILogger log)
{
    private readonly EnvironmentRecords _records = new(registry, settings, log);

    /// <exception cref="PipeException">There is no way back, or what ran there is gone.</exception>
    public async Task<RollbackPlan> PlanAsync(ServiceState service, CancellationToken token)
    {
        ServiceSearch.CheckRollable(service);
        var wish = settings.Rollout.RollbackTo;
        var running = await UnderWayAsync(service, token);
        var past = await ServicePast.OfAsync(ecs.Client, service, token);
        var finder = new RollbackFinder(past, inner => RecordedAsync(past.Current, inner));
        var replaced = running is null ? null : await finder.FindReplacedAsync(running, token);
        var target = wish is null && replaced is not null ? replaced : await finder.FindAsync(wish, token);
        var pins = await new RollbackImages(registry, log).CheckAsync(target, token);
        return new RollbackPlan(service, target, target.Change(pins))
        {
            Running = running,
            StoppingIsAll = running is not null && target.Definition.Arn == replaced?.Definition.Arn,
            Image = await _records.ImageAsync(target, token),
        };
    }

    /// <summary>A service's lines stand together, however many are planned at once.</summary>
    public void Tell(RollbackPlan plan)
    {
        var (service, target) = (plan.Service, plan.Target);
        if (plan.Running is null)
        {
            log.Information(
                target.IsCurrent ? "Service {Service} runs {Current}, which is what to go back to: {Target}" : "Service {Service} runs {Current}; going back to {Target}",
                service.Name, target.Current.Name, target.ToString());
        }
        else
        {
            log.Information(
                target.IsCurrent
                    ? "Service {Service} has a rollout of {Current} under way ({Status}), which is what to go back to: {Target}"
                    : "Service {Service} has a rollout of {Current} under way ({Status}); going back to {Target}",
                service.Name, target.Current.Name, plan.Running.Status, target.ToString());
        }

        if (!target.RanBefore && !target.IsCurrent)
        {
            log.Warning(
                "{Target} is not known to have run steadily on service {Service} (ECS keeps 90 days of history, and a role without ecs:ListServiceDeployments does not see it)",
                target.ToString(), service.Name);
        }

        foreach (var difference in plan.Change.Differences)
        {
            log.Information("  {Difference}", difference);
        }
    }

    /// <summary>A role that may not see rollouts can go back all the same: its update takes the place of whatever is under way.</summary>
    private async Task<ServiceDeploymentState?> UnderWayAsync(ServiceState service, CancellationToken token)
    {
        try
        {
            return await ecs.Control.FindAsync(service, token);
        }
        catch (AwsException denied) when (denied.IsAccessDenied)
        {
            log.Warning("Whether a rollout is under way on service {Service} cannot be seen: {Message}", service.Name, denied.AwsMessage);
            return null;
        }
    }

    private async Task<IReadOnlyList<Digest>> RecordedAsync(TaskDefinition runs, CancellationToken token) =>
        [.. (await _records.LatestAsync(runs, token)).Select(record => record.Digest)];
}

/// <summary>How one service is taken back.</summary>
/// <param name="Service">As it was described.</param>
/// <param name="Target">Where to.</param>
/// <param name="Change">The revision to roll, or to register.</param>
internal sealed record RollbackPlan(ServiceState Service, RollbackTarget Target, TaskDefinitionChange Change)
{
    /// <summary>The rollout under way; null when the service is at rest, or the role may not see it.</summary>
    public ServiceDeploymentState? Running { get; init; }

    /// <summary>When ECS takes back what is under way, the target serves.</summary>
    public bool StoppingIsAll { get; init; }

    /// <summary>The image that the target runs, and the containers that have it; null where ECR does not tell.</summary>
    public (PushedImage Image, IReadOnlyList<string> Containers)? Image { get; init; }
}
