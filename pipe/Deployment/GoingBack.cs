using EcsDeploy.Ecr;
using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>ACTION rollback: ends a rollout that is under way, then rolls the last good revision, or the one that ROLLBACK_TO names.</summary>
/// <param name="ecs">The target account.</param>
/// <param name="registry">ECR's API for a repository; images elsewhere are not looked for.</param>
/// <param name="log">A line a decision.</param>
internal sealed class GoingBack(EcsSide ecs, Func<EcrRepository, EcrClient> registry, ILogger log)
{
    public async Task<IReadOnlyList<RolloutOutcome>> RunAsync(PipeSettings settings, CancellationToken token)
    {
        var outcomes = new List<RolloutOutcome>();
        foreach (var service in await ecs.Search.GetAsync(settings.Services, token))
        {
            ServiceSearch.CheckRollable(service);
            outcomes.AddRange(await GoBackAsync(service, settings, token) is { } outcome ? [outcome] : []);
        }

        return outcomes;
    }

    /// <summary>What was wished for is no failure: the old version serves because somebody asked for it.</summary>
    public static RolloutOutcome AsWished(RolloutOutcome outcome) =>
        outcome.Verdict is Verdict.RolledBack ? outcome with { Verdict = new Verdict.Succeeded { Serving = Serving.Old } } : outcome;

    private async Task<RolloutOutcome?> GoBackAsync(ServiceState service, PipeSettings settings, CancellationToken token)
    {
        if (!settings.DryRun && await ecs.Control.StopAsync(service, token) is { } stopped && settings.Rollout.RollbackTo is null)
        {
            return AsWished(stopped);
        }

        var now = await ecs.Client.FindServiceAsync(service.ClusterArn, service.Name, token) ?? service;
        var target = await new RollbackFinder(ecs.Client).FindAsync(now, settings.Rollout.RollbackTo, token);
        await CheckImagesAsync(target, token);
        log.Information("Service {Service} runs {Current}; going back to {Target}", now.Name, target.Current.Name, target.ToString());
        foreach (var difference in target.Differences)
        {
            log.Information("  {Difference}", difference);
        }

        if (settings.DryRun)
        {
            return null;
        }

        var definition = await ecs.Definitions.RegisterAsync(target.Change(), token);
        var request = new RolloutRequest { Service = now, TaskDefinition = definition.Arn };
        return await ecs.Rollout.CarryOutAsync(request, await ecs.Rollout.DecideAsync(request, token), token);
    }

    /// <summary>A revision whose image was deleted would fail to start only after the present one was touched.</summary>
    private async Task CheckImagesAsync(RollbackTarget target, CancellationToken token)
    {
        foreach (var image in target.Images)
        {
            var parts = image.Split('@');
            if (parts.Length != 2 || !EcrRepository.TryParse(parts[0], out var repository))
            {
                continue;
            }

            try
            {
                if (await registry(repository).FindImageAsync(parts[1], token) is null)
                {
                    throw new RefusedException($"{target} cannot be gone back to: its image {image} is no longer in the registry. Name another revision in ROLLBACK_TO. Nothing was changed.");
                }
            }
            catch (EcrException denied) when (denied.IsDenied)
            {
                log.Debug("Whether {Image} is still there could not be seen: {Reason}", image, denied.Message);
            }
        }
    }
}
