using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Acts on a rollout that is under way: lets a paused one go on, or stops one and sees it taken back. Neither starts a rollout.</summary>
internal sealed class RolloutControl(EcsClient ecs, RolloutSettings settings, TimeProvider time, ILogger log, ContainerLogs? logs = null)
{
    /// <summary>The rollout under way; null when the service is at rest.</summary>
    public async Task<ServiceDeploymentState?> FindAsync(ServiceState service, CancellationToken token)
    {
        var running = (await ecs.ListServiceDeploymentsAsync(service, 20, token)).FirstOrDefault(item => !item.IsOver);
        return running is null ? null : await ecs.FindServiceDeploymentAsync(running.Arn, token);
    }

    /// <summary>ACTION continue: null when nothing is paused.</summary>
    public async Task<RolloutOutcome?> ContinueAsync(ServiceState service, CancellationToken token)
    {
        if (await FindAsync(service, token) is not { Pause: { } hook } paused)
        {
            return null;
        }

        log.Information("Letting the paused rollout of {Service} go on (hook {Hook}).", service.Name, hook.Id);
        try
        {
            await ContinueAsync(paused, hook, "CONTINUE", token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested && settings.OnCancel == AfterTrouble.Rollback)
        {
            using var last = new CancellationTokenSource(RolloutEnding.CancelTime, time);
            await new WayBack(ecs, time, log).StopAsync(paused.Arn, last.Token);
            throw;
        }

        return await FollowAsync(service, paused, hook.Id, returning: false, token);
    }

    /// <summary>ACTION stop: null when nothing is under way.</summary>
    public async Task<RolloutOutcome?> StopAsync(ServiceState service, CancellationToken token)
    {
        if (await FindAsync(service, token) is not { } running)
        {
            return null;
        }

        return await TakeBackAsync(service, running, token) ?? throw new EcsSettingsException(
            $"ECS does not let the rollout of {service.Name} be stopped. Use ACTION rollback to go back by an update.");
    }

    /// <summary>Has ECS take a rollout back, and follows that to its end; null when ECS does not do it.</summary>
    public async Task<RolloutOutcome?> TakeBackAsync(ServiceState service, ServiceDeploymentState running, CancellationToken token) =>
        await AskBackAsync(service, running, token) ? await FollowAsync(service, running, running.Pause?.Id, returning: true, token) : null;

    private async Task<bool> AskBackAsync(ServiceState service, ServiceDeploymentState running, CancellationToken token)
    {
        if (running.IsRollingBack)
        {
            log.Information("The rollout of {Service} is being taken back already.", service.Name);
            return true;
        }

        if (await new WayBack(ecs, time, log).StopAsync(running.Arn, token))
        {
            return true;
        }

        // A paused deployment can also be sent back through its hook.
        return running.Pause is { } hook && await SendBackAsync(running, hook, token);
    }

    private async Task<bool> SendBackAsync(ServiceDeploymentState paused, HookState hook, CancellationToken token)
    {
        try
        {
            await ContinueAsync(paused, hook, "ROLLBACK", token);
            return true;
        }
        catch (AwsException refused)
        {
            log.Warning("ECS does not send it back through its pause either: {Message}", refused.AwsMessage);
            return false;
        }
    }

    private async Task ContinueAsync(ServiceDeploymentState paused, HookState hook, string action, CancellationToken token)
    {
        try
        {
            var input = new JsonObject { ["serviceDeploymentArn"] = paused.Arn, ["hookId"] = hook.Id, ["action"] = action };
            await ecs.ChangeAsync("ContinueServiceDeployment", input, token);
        }
        catch (AwsException fault) when (fault.AnswerLost)
        {
            log.Warning("The answer to ContinueServiceDeployment got lost; looking how the rollout stands.");
        }
    }

    private async Task<RolloutOutcome> FollowAsync(
        ServiceState service, ServiceDeploymentState running, string? answeredHook, bool returning, CancellationToken token)
    {
        var began = time.GetTimestamp();
        var (target, source) = await BringsAsync(running, token);
        var definition = target ?? service.TaskDefinition;
        var ours = new OurRollout
        {
            Before = service,
            DeploymentId = service.Deployments.FirstOrDefault(item => item.TaskDefinition == definition)?.Id ?? service.Primary?.Id ?? "",
            TaskDefinition = definition,
            AnsweredHook = answeredHook,
        };
        var ending = await new RolloutEnding(ecs, settings, time, log, logs).FollowAsync(ours, running.Arn, returning, token);
        source ??= service.Deployments.FirstOrDefault(item => item.TaskDefinition != definition)?.TaskDefinition;
        return new RolloutOutcome
        {
            Cluster = service.ClusterName,
            Service = service.Name,
            Verdict = ending.Verdict,
            Before = TaskDefinition.ShortName(source ?? service.TaskDefinition),
            After = TaskDefinition.ShortName(definition),
            IsReturn = returning,
            DeploymentId = ours.DeploymentId,
            ServiceDeployment = running.Arn,
            ContainerLog = ending.ContainerLog,
            Duration = time.GetElapsedTime(began),
        };
    }

    /// <summary>The task definition that it rolls, and the one that it takes the place of; null when there is none, or the role may not see it.</summary>
    private async Task<(string? Target, string? Source)> BringsAsync(ServiceDeploymentState running, CancellationToken token)
    {
        try
        {
            string[] arns = [.. running.Sources.Select(source => source.Arn).Append(running.TargetRevision).OfType<string>().Distinct()];
            var definitions = (await ecs.DescribeServiceRevisionsAsync(arns, token)).ToDictionary(revision => revision.Arn, revision => revision.TaskDefinition);
            var target = definitions.GetValueOrDefault(running.TargetRevision ?? "");
            return (target, running.Sources.Select(source => definitions.GetValueOrDefault(source.Arn)).FirstOrDefault(definition => definition is not null && definition != target));
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return (null, null);
        }
    }
}
