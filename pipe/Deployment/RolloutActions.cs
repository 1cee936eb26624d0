using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>ACTION continue and stop: a word to a rollout that is paused or under way, followed to its end.</summary>
internal sealed class RolloutActions(EcsSide ecs, PipeSettings settings, ILogger log)
{
    public async Task<DeploymentEnd> RunAsync(CancellationToken token)
    {
        var services = await ecs.Search.GetAsync(settings.Services, token);
        return await new ServiceActs(ecs.Client).RunAsync(services, service => service, service => ActAsync(service, token), token);
    }

    private async Task<RolloutOutcome?> ActAsync(ServiceState service, CancellationToken token)
    {
        if (settings.DryRun)
        {
            var running = await ecs.Control.FindAsync(service, token);
            log.Information("{Service}: {Rollout}", service.Name, running is null ? "no rollout is under way" : $"a rollout is under way: {running.Status}, {running.Arn}");
            return null;
        }

        var outcome = await SayAsync(service, token);
        if (outcome is not null)
        {
            return outcome;
        }

        log.Information("{Service}: there is no rollout {State}, so there is nothing to do", service.Name, settings.Action == PipeAction.Stop ? "under way" : "that is paused");
        var versions = RunningVersions.Of(service);
        return new RolloutOutcome
        {
            Cluster = service.ClusterName,
            Service = service.Name,
            Verdict = new Verdict.NothingToDo { Serving = versions.Serving },
            Before = TaskDefinition.ShortName(versions.Old),
            After = TaskDefinition.ShortName(versions.New),
        };
    }

    private async Task<RolloutOutcome?> SayAsync(ServiceState service, CancellationToken token)
    {
        if (settings.Action == PipeAction.Continue)
        {
            return await ecs.Control.ContinueAsync(service, token);
        }

        return await ecs.Control.StopAsync(service, token) is { } stopped ? GoingBack.AsWished(stopped) : null;
    }
}
