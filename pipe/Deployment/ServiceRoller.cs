using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Rolls one image onto every service of a plan, side by side; trouble with one does not keep the others from being followed to their end.</summary>
internal sealed class ServiceRoller(TaskDefinitions definitions, Rollout rollout, OneOffSteps tasks, BitbucketContext bitbucket, ILogger log)
{
    /// <param name="plans">The services as they are now.</param>
    /// <param name="image">In the repository.</param>
    /// <param name="isOnRecord">The registry says already that this image succeeded here last, tasks after the rollout included.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="PipeException">What kept every service from being rolled.</exception>
    public async Task<IReadOnlyList<RolloutOutcome>> RollAsync(IReadOnlyList<ServicePlan> plans, PushedImage image, bool isOnRecord, CancellationToken token)
    {
        var services = (await SideBySide.RunAsync(plans, plan => PrepareAsync(plan, image, token))).Results();
        var stopped = await tasks.BeforeAsync(services, token);
        var ended = await SideBySide.RunAsync(services, service => RollAsync(service, stopped, isOnRecord, token));
        return await ended.ResultsOrAsync((service, failure) => Task.FromResult(Kept(service, Verdict.NotRolled.By(failure))));
    }

    private async Task<PreparedService> PrepareAsync(ServicePlan plan, PushedImage image, CancellationToken token)
    {
        var change = plan.TaskDefinition.With(image.Reference, Stamps());
        PlanPrinter.TellChange(plan, change, log);
        var definition = await definitions.RegisterAsync(change, token);
        var request = plan.Request(definition.Arn, image);
        return new PreparedService(plan, definition, request, await rollout.DecideAsync(request, token));
    }

    /// <summary>After a failed task only what is no rollout of ours goes on: one in flight is followed, what has nothing to do is told.</summary>
    private async Task<RolloutOutcome> RollAsync(
        PreparedService service, IReadOnlyDictionary<string, IReadOnlyList<string>> stopped, bool isOnRecord, CancellationToken token)
    {
        if (stopped.Count > 0 && service.Decision is RolloutDecision.Update or RolloutDecision.Scale)
        {
            var reasons = stopped.GetValueOrDefault(service.Arn) ?? ["The task before the rollout of another service failed, so this one is not rolled either."];
            return Kept(service, new Verdict.NotRolled(ExitCode.TaskBeforeFailed) { Serving = Serving.Old, Reasons = reasons });
        }

        var outcome = await rollout.CarryOutAsync(service.Request, service.Decision, token);
        return stopped.Count > 0 ? outcome : await tasks.AfterAsync(service, outcome, isOnRecord, token);
    }

    private static RolloutOutcome Kept(PreparedService service, Verdict verdict) => new()
    {
        Cluster = service.Plan.Service.ClusterName,
        Service = service.Plan.Service.Name,
        Verdict = verdict,
        Before = service.Plan.TaskDefinition.Live.Name,
        After = service.Definition.Name,
    };

    /// <summary>Where a revision comes from is written on the revision: the image says nothing that changes with every commit.</summary>
    private Dictionary<string, string> Stamps()
    {
        var stamps = new Dictionary<string, string>();
        if (bitbucket.Commit is { } commit)
        {
            stamps[TaskDefinition.CommitTag] = commit;
        }

        if (bitbucket.BuildNumber is { } build)
        {
            stamps[TaskDefinition.BuildTag] = build;
        }

        return stamps;
    }
}
