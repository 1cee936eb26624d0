using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Rolls one service, tells the truth about how that ended, and goes back where that was asked for.</summary>
/// <param name="ecs">Calls in the target account.</param>
/// <param name="settings">How long to wait, and what to do about trouble.</param>
/// <param name="time">The clock of every wait.</param>
/// <param name="log">The story.</param>
/// <param name="logs">Where containers' last words are read; null reads none.</param>
internal sealed class Rollout(EcsClient ecs, RolloutSettings settings, TimeProvider time, ILogger log, ContainerLogs? logs = null)
{
    /// <summary>A cancelled step has seconds left, not minutes.</summary>
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(10);

    /// <summary>An UpdateService was sent: from then on nobody may say that no service was touched.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Reads only: what has to happen, if anything.</summary>
    public Task<RolloutDecision> DecideAsync(RolloutRequest request, CancellationToken token) =>
        new RolloutDecider(ecs).DecideAsync(request, settings.ForceNewDeployment, token);

    /// <summary>Does what was decided, and follows it to its end unless WAIT is false.</summary>
    public async Task<RolloutOutcome> CarryOutAsync(RolloutRequest request, RolloutDecision decision, CancellationToken token)
    {
        var began = time.GetTimestamp();
        var outcome = decision switch
        {
            RolloutDecision.Nothing nothing => Outcome(request, null, nothing.Verdict) with { Remarks = nothing.Remarks },
            RolloutDecision.Scale scale => await ConfirmAsync(request, null, await ScaleAsync(request, scale, token), token),
            RolloutDecision.Adopt adopt => await FinishAsync(request, Adopted(request, adopt.DeploymentId), token),
            RolloutDecision.Update update => await FinishAsync(request, await UpdateAsync(request, update, token), token),
            _ => throw new ArgumentOutOfRangeException(nameof(decision)),
        };
        return outcome with { Duration = time.GetElapsedTime(began) };
    }

    private OurRollout Adopted(RolloutRequest request, string deploymentId)
    {
        log.Information(
            "A rollout of {TaskDefinition} is under way on service {Service} ({Deployment}): following it.",
            TaskDefinition.ShortName(request.TaskDefinition), request.Service.Name, deploymentId);
        return new OurRollout { Before = request.Service, DeploymentId = deploymentId, TaskDefinition = request.TaskDefinition };
    }

    private Task<OurRollout> UpdateAsync(RolloutRequest request, RolloutDecision.Update update, CancellationToken token)
    {
        if (request.Service.Primary is { RolloutState: "IN_PROGRESS" } other)
        {
            log.Warning(
                "Another rollout is under way on service {Service}: {TaskDefinition}, deployment {Deployment}. This one takes its place.",
                request.Service.Name, TaskDefinition.ShortName(other.TaskDefinition), other.Id);
        }

        log.Information("{Service} is rolled: {Why}.", request.Service.Name, update.Why);
        HasBegun = true;
        return new ServiceUpdate(ecs, time, log).SendAsync(request, update.Force, token);
    }

    private Task<Verdict> ScaleAsync(RolloutRequest request, RolloutDecision.Scale scale, CancellationToken token)
    {
        log.Information("{Service}: {Why}.", request.Service.Name, scale.Why);
        HasBegun = true;
        return new ServiceScaling(ecs, settings, time, log).RunAsync(request.Service, scale.Count, token);
    }

    private async Task<RolloutOutcome> FinishAsync(RolloutRequest request, OurRollout ours, CancellationToken token)
    {
        if (!settings.Wait)
        {
            return Outcome(request, ours, new Verdict.Started());
        }

        var watch = new RolloutWatch(ecs, ours, time, log);
        var patience = RolloutPatience.Timeout(settings, ours.Before.Rules);
        try
        {
            var pursuit = new RolloutPursuit(watch, ours, time, log);
            var verdict = await pursuit.FollowAsync(patience, returning: false, token);
            var words = verdict.IsGood || logs is null ? [] : await new LastWords(ecs, logs).OfAsync(ours.TaskDefinition, watch.Tasks.Seen, token);
            verdict = await ReturnAsync(verdict, watch, ours, patience, token);
            return await ConfirmAsync(request, ours, verdict, token) with { ServiceDeployment = watch.ServiceDeployment, ContainerLog = words };
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested && settings.OnCancel == AfterTrouble.Rollback)
        {
            using var last = new CancellationTokenSource(CancelTime, time);
            await new WayBack(ecs, time, log).StartAsync(ours, watch.ServiceDeployment, last.Token);
            throw;
        }
    }

    /// <summary>ECS calls a rollout a success when tasks run; what was asked for is that they run this image.</summary>
    private async Task<RolloutOutcome> ConfirmAsync(RolloutRequest request, OurRollout? ours, Verdict verdict, CancellationToken token)
    {
        if (verdict is not Verdict.Succeeded)
        {
            return Outcome(request, ours, verdict);
        }

        var seen = await new RunningImages(ecs).ConfirmAsync(request, time, token);
        return Outcome(request, ours, seen.Others.Count == 0 ? verdict : new Verdict.FailedNotRolledBack { Reasons = [Strange(request, seen)] }) with { Remarks = seen.Remarks };
    }

    private static string Strange(RolloutRequest request, RunningDigests seen) =>
        $"ECS ended the rollout well, but running tasks have the image {string.Join(" and ", seen.Others)} and not {request.Image?.Digest}, which was rolled: the image in "
        + $"{TaskDefinition.ShortName(request.TaskDefinition)} is named by a tag that was moved meanwhile. Name it there by its digest and run this step again.";

    /// <summary>Where ECS did not go back by itself: goes back if that was asked for, and says how that ended.</summary>
    private async Task<Verdict> ReturnAsync(Verdict verdict, RolloutWatch watch, OurRollout ours, TimeSpan patience, CancellationToken token)
    {
        var (variable, wish) = verdict switch
        {
            Verdict.FailedNotRolledBack => ("ON_FAILURE", settings.OnFailure),
            Verdict.TimedOut => ("ON_TIMEOUT", settings.OnTimeout),
            _ => ("", AfterTrouble.Leave),
        };
        if (wish == AfterTrouble.Leave)
        {
            return verdict;
        }

        log.Warning(
            "{Service}: the rollout has {Ended}; going back to what ran before ({Variable}=rollback).",
            ours.Before.Name, verdict is Verdict.TimedOut ? "not ended in time" : "failed", variable);
        foreach (var reason in verdict.Reasons.Take(1))
        {
            log.Warning("{Service}: {Reason}", ours.Before.Name, reason);
        }

        var going = await new WayBack(ecs, time, log).StartAsync(ours, watch.IsOver ? null : watch.ServiceDeployment, token);
        if (going is Return.None(var why))
        {
            return verdict with { Reasons = [.. verdict.Reasons, why] };
        }

        var end = going is Return.ByUpdate(var back)
            ? await new RolloutPursuit(new RolloutWatch(ecs, back, time, log), back, time, log).FollowAsync(patience, returning: false, token)
            : await new RolloutPursuit(watch, ours, time, log).FollowAsync(patience, returning: true, token);
        return end is Verdict.Succeeded or Verdict.RolledBack
            ? new Verdict.RolledBack { Serving = Serving.Old, Reasons = verdict.Reasons }
            : verdict with { Reasons = [.. verdict.Reasons, $"Going back ended as: {end.Words}."], Serving = end.Serving };
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
