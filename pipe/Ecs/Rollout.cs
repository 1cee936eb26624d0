using EcsDeploy.Aws;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using EcsDeploy.Time;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Rolls one service and tells the truth about how that ended.</summary>
internal sealed class Rollout(EcsClient ecs, RolloutSettings settings, TimeProvider time, ILogger log)
{
    /// <summary>Reads only: what has to happen, if anything.</summary>
    public Task<RolloutDecision> DecideAsync(RolloutRequest request, CancellationToken token) =>
        new RolloutDecider(ecs).DecideAsync(request, settings.ForceNewDeployment, token);

    /// <summary>Does what was decided, and follows it to its end unless WAIT is false.</summary>
    public async Task<RolloutOutcome> CarryOutAsync(RolloutRequest request, RolloutDecision decision, CancellationToken token)
    {
        var began = time.GetTimestamp();
        switch (decision)
        {
            case RolloutDecision.Nothing nothing:
                return Outcome(request, null, nothing.Verdict);
            case RolloutDecision.Adopt adopt:
                log.Information(
                    "A rollout of {TaskDefinition} is under way on service {Service} ({Deployment}): following it.",
                    TaskDefinition.ShortName(request.TaskDefinition), request.Service.Name, adopt.DeploymentId);
                var adopted = new OurRollout { Before = request.Service, DeploymentId = adopt.DeploymentId, TaskDefinition = request.TaskDefinition };
                return await FinishAsync(request, adopted, began, token);
            case RolloutDecision.Update update:
                WarnOfOthers(request);
                var ours = await new ServiceUpdate(ecs, time, log).SendAsync(request, update.Force, token);
                return await FinishAsync(request, ours, began, token);
            default:
                throw new ArgumentOutOfRangeException(nameof(decision));
        }
    }

    private async Task<RolloutOutcome> FinishAsync(RolloutRequest request, OurRollout ours, long began, CancellationToken token)
    {
        if (!settings.Wait)
        {
            return Outcome(request, ours, new Verdict.Started());
        }

        var watch = new RolloutWatch(ecs, ours, time, log);
        var verdict = await FollowAsync(watch, ours, token);
        return Outcome(request, ours, verdict) with
        {
            ServiceDeployment = watch.ServiceDeployment,
            Duration = time.GetElapsedTime(began),
            Remarks = verdict is Verdict.Succeeded ? (await new RunningImages(ecs).LookAsync(request, token)).Remarks : [],
        };
    }

    private async Task<Verdict> FollowAsync(RolloutWatch watch, OurRollout ours, CancellationToken token)
    {
        var (began, patience) = (time.GetTimestamp(), RolloutPatience.Timeout(settings, ours.Before.Rules));
        var (follower, progress, told) = (new RolloutFollower(ours), new RolloutProgress(ours), false);
        Observation? last = null;
        AwsException? trouble = null;
        while (time.GetElapsedTime(began) is var elapsed && elapsed < patience)
        {
            await Waiting.ForAsync(RolloutPatience.Pause(elapsed), time, token);
            try
            {
                last = await watch.LookAsync(token);
                trouble = null;
            }
            catch (AwsException fault) when (fault.IsTransient)
            {
                trouble = fault;
                log.Debug("A look at the rollout failed and is repeated: {Message}", fault.AwsMessage);
                continue;
            }
            catch (AwsException fault)
            {
                return new Verdict.NotSeenToItsEnd { Reasons = [fault.Message] };
            }

            Tell(ours, progress.News(last));
            switch (follower.Next(last))
            {
                case Step.Ended(var verdict):
                    return await ExplainedAsync(verdict, watch, last, ours, token);
                case Step.Judged(var verdict, var failures):
                    log.Warning("{Failures} tasks failed, and the service has neither circuit breaker nor alarms: the rollout has failed.", failures);
                    return await ExplainedAsync(verdict, watch, last, ours, token);
                case Step.Decided(var verdict) when !told:
                    told = true;
                    Announce(ours, await ExplainedAsync(verdict, watch, last, ours, token));
                    break;
            }
        }

        return trouble is null
            ? await ExplainedAsync(new Verdict.TimedOut { After = patience, Serving = last is null ? Serving.Unknown : Traffic.Of(last, ours) }, watch, last, ours, token)
            : new Verdict.NotSeenToItsEnd { Reasons = [$"ECS could not be asked any more: {trouble.Message}"] };
    }

    private static async Task<Verdict> ExplainedAsync(Verdict verdict, RolloutWatch watch, Observation? last, OurRollout ours, CancellationToken token)
    {
        if (verdict.IsGood)
        {
            return verdict;
        }

        try
        {
            await watch.CollectTasksAsync(token);
        }
        catch (AwsException)
        {
            // The verdict stands without the tasks' last words.
        }

        return verdict with { Reasons = Diagnosis.Of(verdict, last is null ? null : last with { FailedTasks = watch.FailedTasks }, ours) };
    }

    /// <summary>The verdict is printed as soon as ECS has decided; what follows is only its end.</summary>
    private void Announce(OurRollout ours, Verdict verdict)
    {
        log.Warning("{Service}: the rollout has failed; ECS goes back. Waiting for the end of that.", ours.Before.Name);
        foreach (var reason in verdict.Reasons)
        {
            log.Warning("{Service}: {Reason}", ours.Before.Name, reason);
        }
    }

    private void Tell(OurRollout ours, IReadOnlyList<string> news)
    {
        foreach (var line in news)
        {
            log.Information("{Service}: {News}", ours.Before.Name, line);
        }
    }

    private void WarnOfOthers(RolloutRequest request)
    {
        if (request.Service.Primary is { RolloutState: "IN_PROGRESS" } other)
        {
            log.Warning(
                "Another rollout is under way on service {Service}: {TaskDefinition}, deployment {Deployment}. This one takes its place.",
                request.Service.Name, TaskDefinition.ShortName(other.TaskDefinition), other.Id);
        }
    }

    /// <summary>What ran before: for an adopted rollout the deployment that it replaces.</summary>
    private static string Replaced(RolloutRequest request, OurRollout? ours) =>
        request.Service.Deployments.FirstOrDefault(deployment =>
            request.Service.Primary?.Id == ours?.DeploymentId && deployment.Id != ours?.DeploymentId)?.TaskDefinition
        ?? request.Service.TaskDefinition;

    private static RolloutOutcome Outcome(RolloutRequest request, OurRollout? ours, Verdict verdict) => new()
    {
        Cluster = request.Service.ClusterName,
        Service = request.Service.Name,
        Verdict = verdict,
        Before = TaskDefinition.ShortName(Replaced(request, ours)),
        After = TaskDefinition.ShortName(request.TaskDefinition),
        DeploymentId = ours?.DeploymentId,
    };
}
