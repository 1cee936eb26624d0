using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>ACTION continue and stop: a word to a rollout that is paused or under way, followed to its end.</summary>
internal sealed class RolloutActions(EcsSide ecs, ILogger log)
{
    public async Task<IReadOnlyList<RolloutOutcome>> RunAsync(PipeSettings settings, CancellationToken token)
    {
        var outcomes = new List<RolloutOutcome>();
        foreach (var service in await ecs.Search.GetAsync(settings.Services, token))
        {
            if (settings.DryRun)
            {
                await TellAsync(service, token);
            }
            else if (await SayAsync(service, settings.Action, token) is { } outcome)
            {
                outcomes.Add(outcome);
            }
            else
            {
                log.Information("{Service}: there is no rollout {State}, so there is nothing to do", service.Name, settings.Action == PipeAction.Stop ? "under way" : "that is paused");
            }
        }

        return outcomes;
    }

    private async Task<RolloutOutcome?> SayAsync(ServiceState service, PipeAction action, CancellationToken token)
    {
        if (action == PipeAction.Continue)
        {
            return await ecs.Control.ContinueAsync(service, token);
        }

        return await ecs.Control.StopAsync(service, token) is { } stopped ? GoingBack.AsWished(stopped) : null;
    }

    private async Task TellAsync(ServiceState service, CancellationToken token)
    {
        var running = await ecs.Control.FindAsync(service, token);
        log.Information("{Service}: {Rollout}", service.Name, running is null ? "no rollout is under way" : $"a rollout is under way: {running.Status}, {running.Arn}");
    }
}
