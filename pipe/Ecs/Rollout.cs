using EcsDeploy.Aws;
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
    /// <summary>Reads only: what has to happen, if anything.</summary>
    public Task<RolloutDecision> DecideAsync(RolloutRequest request, CancellationToken token) =>
        new RolloutDecider(ecs).DecideAsync(request, settings.ForceNewDeployment, token);

    /// <summary>Reads only: whether a rollout, anybody's, is under way.</summary>
    public Task<bool> IsUnderWayAsync(ServiceState service, CancellationToken token) => new LatestRollout(ecs).IsUnderWayAsync(service, token);

    /// <summary>Does what was decided, and follows it to its end unless WAIT is false.</summary>
    public async Task<RolloutOutcome> CarryOutAsync(RolloutRequest request, RolloutDecision decision, CancellationToken token)
    {
        var began = time.GetTimestamp();
        var outcome = decision switch
        {
            RolloutDecision.Nothing nothing => Outcome(request, null, nothing.Verdict) with { Remarks = nothing.Remarks },
            RolloutDecision.Scale scale => await ConfirmAsync(request, null, await ScaleAsync(request, scale, token), token),
            RolloutDecision.Adopt adopt => await FinishAsync(request, await AdoptAsync(request, adopt.DeploymentId, token), token),
            RolloutDecision.Update update => await BeginAsync(request, update, token),
            _ => throw new ArgumentOutOfRangeException(nameof(decision)),
        };
        return outcome with { Duration = time.GetElapsedTime(began) };
    }

    private async Task<RolloutOutcome> BeginAsync(RolloutRequest request, RolloutDecision.Update update, CancellationToken token)
    {
        OurRollout ours;
        try
        {
            ours = await UpdateAsync(request, update, token);
        }
        catch (LostUpdateException lost)
        {
            return Outcome(request, null, new Verdict.NotSeenToItsEnd { Reasons = [lost.Message] });
        }

        return await FinishAsync(request, ours, token);
    }

    private async Task<OurRollout> AdoptAsync(RolloutRequest request, string deploymentId, CancellationToken token)
    {
        log.Information(
            settings.Wait
                ? "A rollout of {TaskDefinition} is under way on service {Service} ({Deployment}): following it."
                : "A rollout of {TaskDefinition} is under way on service {Service} ({Deployment}): it is what was asked for, and is not waited for (WAIT=false).",
            TaskDefinition.ShortName(request.TaskDefinition), request.Service.Name, deploymentId);
        return new OurRollout
        {
            Before = request.Service,
            DeploymentId = deploymentId,
            TaskDefinition = request.TaskDefinition,
            KnownServiceDeployments = settings.Wait ? await EarlierAsync(request.Service, deploymentId, token) : new HashSet<string>(),
        };
    }

    /// <summary>What was over before this one began brings the same revision perhaps, but is not it.</summary>
    private async Task<IReadOnlySet<string>> EarlierAsync(ServiceState service, string deploymentId, CancellationToken token)
    {
        var began = service.Deployment(deploymentId)?.CreatedAt;
        try
        {
            return (await ecs.ListServiceDeploymentsAsync(service, ServiceUpdate.KnownDeployments, token))
                .Where(item => item.IsOver && item.FinishedAt < began).Select(item => item.Arn).ToHashSet();
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return new HashSet<string>();
        }
    }

    private async Task<OurRollout> UpdateAsync(RolloutRequest request, RolloutDecision.Update update, CancellationToken token)
    {
        await new OthersRollout(ecs, log).TellAsync(request.Service, request.TaskDefinition, token);
        log.Information("{Service} is rolled: {Why}.", request.Service.Name, update.Why);
        var sending = new ServiceUpdate(ecs, time, log);
        try
        {
            return await sending.SendAsync(request, update.Force, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested && settings.OnCancel == AfterTrouble.Rollback && ecs.Touched.Any)
        {
            await TakeBackAsync(request, sending);
            throw;
        }
    }

    /// <summary>Cancelled while the answer was on its way: what ECS began all the same is taken back.</summary>
    private async Task TakeBackAsync(RolloutRequest request, ServiceUpdate sending)
    {
        using var last = new CancellationTokenSource(RolloutEnding.CancelTime, time);
        if (await sending.FindBegunAsync(request, last.Token) is var (ours, serviceDeployment))
        {
            await new WayBack(ecs, time, log).StartAsync(ours, serviceDeployment, last.Token);
        }
    }

    private Task<Verdict> ScaleAsync(RolloutRequest request, RolloutDecision.Scale scale, CancellationToken token)
    {
        log.Information("{Service}: {Why}.", request.Service.Name, scale.Why);
        return new ServiceScaling(ecs, settings, time, log).RunAsync(request.Service, scale.Count, token);
    }

    private async Task<RolloutOutcome> FinishAsync(RolloutRequest request, OurRollout ours, CancellationToken token)
    {
        var ending = await new RolloutEnding(ecs, settings, time, log, logs).FollowAsync(ours, null, returning: false, token);
        return await ConfirmAsync(request, ours, ending.Verdict, token) with { ServiceDeployment = ending.ServiceDeployment, ContainerLog = ending.ContainerLog };
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
