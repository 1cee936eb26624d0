using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Starts the return from our rollout to what ran steadily before: by ECS where the role may ask it, else by UpdateService.</summary>
internal sealed class WayBack(EcsClient ecs, TimeProvider time, ILogger log)
{
    /// <param name="ours">What is taken back.</param>
    /// <param name="serviceDeployment">Its ARN; null when it is not known, or not in progress any more.</param>
    /// <param name="token">Ends the wait.</param>
    public async Task<Return> StartAsync(OurRollout ours, string? serviceDeployment, CancellationToken token)
    {
        if (serviceDeployment is not null && await StopAsync(serviceDeployment, token))
        {
            return new Return.ByEcs();
        }

        try
        {
            return await UpdateAsync(ours, token);
        }
        catch (AwsException fault)
        {
            return new Return.None($"Going back failed: {fault.Message}");
        }
    }

    private async Task<Return> UpdateAsync(OurRollout ours, CancellationToken token)
    {
        var service = await ecs.FindServiceAsync(ours.Before.ClusterArn, ours.Before.Name, token);
        if (service?.Primary is not { } primary || primary.Id != ours.DeploymentId)
        {
            return new Return.None("Nothing was rolled back: another deployment has taken the place of ours.");
        }

        if (await new LastGood(ecs).FindAsync(ours.Before, ours.TaskDefinition, token) is not { } steady)
        {
            return new Return.None("Nothing was rolled back: no other revision is known to have run steadily.");
        }

        log.Information("{Service}: going back to {TaskDefinition} by an update.", service.Name, TaskDefinition.ShortName(steady));
        var request = new RolloutRequest { Service = service, TaskDefinition = steady };
        return new Return.ByUpdate(await new ServiceUpdate(ecs, time, log).SendAsync(request, force: false, token));
    }

    /// <summary>StopServiceDeployment rolls back also where rolling back is not configured (ECS model). False when ECS does not do it, whatever the reason.</summary>
    public async Task<bool> StopAsync(string serviceDeployment, CancellationToken token)
    {
        log.Information("Asking ECS to stop and roll back service deployment {ServiceDeployment}.", TaskDefinition.ShortName(serviceDeployment));
        try
        {
            await ecs.ChangeAsync(
                "StopServiceDeployment", new JsonObject { ["serviceDeploymentArn"] = serviceDeployment, ["stopType"] = "ROLLBACK" }, token);
            return true;
        }
        catch (AwsException fault) when (fault.AnswerLost)
        {
            // Asking twice is harmless: the second time is a conflict at worst.
            return true;
        }
        catch (AwsException fault)
        {
            log.Warning("ECS does not stop it: {Message}", fault.AwsMessage);
            return false;
        }
    }
}

/// <summary>How a return goes: exactly one of the nested kinds.</summary>
internal abstract record Return
{
    /// <summary>ECS takes our rollout back: it is followed further.</summary>
    internal sealed record ByEcs : Return;

    /// <summary>A rollout of the steady definition was started: that one is followed.</summary>
    internal sealed record ByUpdate(OurRollout Back) : Return;

    /// <summary>There is no way back.</summary>
    internal sealed record None(string Why) : Return;
}
