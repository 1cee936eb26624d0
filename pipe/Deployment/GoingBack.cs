using EcsDeploy.Ecr;
using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>ACTION rollback: finds for every service where to go back to and looks whether that can be; only then ends rollouts that are under way, and rolls.</summary>
/// <param name="ecs">The target account.</param>
/// <param name="registry">ECR's API for a repository.</param>
/// <param name="settings">What was asked for.</param>
/// <param name="log">A line a decision.</param>
internal sealed class GoingBack(EcsSide ecs, Func<EcrRepository, EcrClient> registry, PipeSettings settings, ILogger log)
{
    public async Task<DeploymentEnd> RunAsync(CancellationToken token)
    {
        var planner = new RollbackPlanner(ecs, registry, settings, log);
        var services = await ecs.Search.GetAsync(settings.Services, token);
        var plans = (await SideBySide.RunAsync(services, service => planner.PlanAsync(service, token))).Results();
        foreach (var plan in plans)
        {
            planner.Tell(plan);
        }

        if (settings.DryRun)
        {
            return new DeploymentEnd(null, []);
        }

        var end = await new ServiceActs(ecs.Client).RunAsync(plans, plan => plan.Service, plan => GoBackAsync(plan, token), token);
        if (end.Services.All(outcome => outcome.Verdict is Verdict.Succeeded or Verdict.NothingToDo))
        {
            await RecordAsync(plans, token);
        }

        return end;
    }

    /// <summary>What was wished for is no failure: the old version serves because somebody asked for it.</summary>
    public static RolloutOutcome AsWished(RolloutOutcome outcome) =>
        outcome.Verdict is Verdict.RolledBack ? outcome with { Verdict = new Verdict.Succeeded { Serving = Serving.Old } } : outcome;

    private async Task<RolloutOutcome?> GoBackAsync(RollbackPlan plan, CancellationToken token) =>
        await StopAsync(plan, token) ?? await RollAsync(plan, token);

    /// <summary>The end of it where stopping what is under way was all; null when there is still something to roll.</summary>
    private async Task<RolloutOutcome?> StopAsync(RollbackPlan plan, CancellationToken token)
    {
        // What is being rolled already is followed; and without waiting, the update itself takes the place of what is under way.
        if (plan.Running is not { } running || plan.Target.Definition.Arn == plan.Service.TaskDefinition || !(plan.StoppingIsAll || settings.Rollout.Wait))
        {
            return null;
        }

        // Where ECS finds nothing to return to, the plan knows what ran.
        return await ecs.Control.TakeBackAsync(plan.Service, running, token) is { } stopped && plan.StoppingIsAll && stopped.Verdict is not Verdict.FailedNotRolledBack
            ? AsWished(stopped)
            : null;
    }

    private async Task<RolloutOutcome> RollAsync(RollbackPlan plan, CancellationToken token)
    {
        var now = await ecs.Client.FindServiceAsync(plan.Service.ClusterArn, plan.Service.Name, token) ?? plan.Service;
        var definition = await ecs.Definitions.RegisterAsync(plan.Change, token);
        var request = new RolloutRequest { Service = now, TaskDefinition = definition.Arn, Image = plan.Image?.Image, Containers = plan.Image?.Containers ?? [] };
        return await ecs.Rollout.CarryOutAsync(request, await ecs.Rollout.DecideAsync(request, token), token) with { IsWayBack = true };
    }

    /// <summary>What is promoted from this environment afterwards is what it runs.</summary>
    private async Task RecordAsync(IReadOnlyList<RollbackPlan> plans, CancellationToken token)
    {
        var records = new EnvironmentRecords(registry, settings, log);
        foreach (var image in plans.Select(plan => plan.Image?.Image).OfType<PushedImage>().DistinctBy(image => image.Reference))
        {
            await records.WriteAsync(image, token);
        }
    }
}
