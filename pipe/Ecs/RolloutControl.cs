using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Acts on a rollout that is under way: lets a paused one go on, or stops one and sees it taken back. Neither starts a rollout.</summary>
internal sealed class RolloutControl(EcsClient ecs, RolloutSettings settings, TimeProvider time, ILogger log)
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
        await ContinueAsync(paused, hook, "CONTINUE", token);
        return await FollowAsync(service, paused, hook.Id, returning: false, token);
    }

    /// <summary>ACTION stop: null when nothing is under way.</summary>
    public async Task<RolloutOutcome?> StopAsync(ServiceState service, CancellationToken token)
    {
        if (await FindAsync(service, token) is not { } running)
        {
            return null;
        }

        if (running.IsRollingBack)
        {
            log.Information("The rollout of {Service} is being taken back already.", service.Name);
        }
        else if (!await new WayBack(ecs, time, log).StopAsync(running.Arn, token))
        {
            // A paused deployment can also be sent back through its hook.
            await ContinueAsync(running, running.Pause ?? throw new EcsSettingsException(
                $"ECS does not let the rollout of {service.Name} be stopped. Use ACTION rollback to go back by an update."), "ROLLBACK", token);
        }

        return await FollowAsync(service, running, running.Pause?.Id, returning: true, token);
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
        var definition = running.TargetRevision is { } target && await ecs.DescribeServiceRevisionsAsync([target], token) is [var revision, ..]
            ? revision.TaskDefinition
            : service.TaskDefinition;
        var ours = new OurRollout
        {
            Before = service,
            DeploymentId = service.Deployments.FirstOrDefault(item => item.TaskDefinition == definition)?.Id ?? service.Primary?.Id ?? "",
            TaskDefinition = definition,
            AnsweredHook = answeredHook,
        };
        var watch = new RolloutWatch(ecs, ours, time, log, running.Arn);
        var verdict = await new RolloutPursuit(watch, ours, time, log).FollowAsync(RolloutPatience.Timeout(settings, service.Rules), returning, token);
        var source = service.Deployments.FirstOrDefault(item => item.TaskDefinition != definition)?.TaskDefinition;
        return new RolloutOutcome
        {
            Cluster = service.ClusterName,
            Service = service.Name,
            Verdict = verdict,
            Before = TaskDefinition.ShortName(source ?? service.TaskDefinition),
            After = TaskDefinition.ShortName(definition),
            DeploymentId = ours.DeploymentId,
            ServiceDeployment = running.Arn,
            Duration = time.GetElapsedTime(began),
        };
    }
}
