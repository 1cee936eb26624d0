using System.Globalization;
using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Time;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Sends the one UpdateService of a run, and after a lost answer finds out whether ECS acted before sending it again.</summary>
internal sealed class ServiceUpdate(EcsClient ecs, TimeProvider time, ILogger log)
{
    /// <summary>Of the history, to tell what was there before: as many as one call gives.</summary>
    public const int KnownDeployments = 100;

    /// <summary>How often and how long a lost update is looked for: reads lag behind writes.</summary>
    private const int LooksAfterLoss = 3;

    private const int MostSends = 3;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>So long an ECS that does not answer is asked whether it acted.</summary>
    private static readonly TimeSpan Blind = TimeSpan.FromMinutes(10);

    public async Task<OurRollout> SendAsync(RolloutRequest request, bool force, CancellationToken token)
    {
        var before = request.Service;
        var known = await KnownAsync(before, token);
        var input = new JsonObject
        {
            ["cluster"] = before.ClusterArn,
            ["service"] = before.Name,
            ["taskDefinition"] = request.TaskDefinition,
            ["forceNewDeployment"] = force,
        };
        var scaled = "";
        if (request.DesiredCount is { } count && !before.IsDaemon)
        {
            input["desiredCount"] = count;
            scaled = count == before.DesiredCount ? "" : string.Create(CultureInfo.InvariantCulture, $", and to {count} tasks instead of {before.DesiredCount}");
        }

        log.Information(
            "Updating service {Service} in cluster {Cluster} to {TaskDefinition}{Scaled}.",
            before.Name, before.ClusterName, TaskDefinition.ShortName(request.TaskDefinition), scaled);
        var after = await SendAsync(before, input, token);
        if (after.Primary is null)
        {
            // Reads lag behind writes, and so may the answer to one.
            after = await TookEffectAsync(before, request.TaskDefinition, token) ?? after;
        }

        return Ours(request, after) with { KnownServiceDeployments = known };
    }

    /// <summary>After a call that was cut off: the rollout that it began all the same, with its service deployment where that is shown; null when none is seen.</summary>
    public async Task<(OurRollout Ours, string? ServiceDeployment)?> FindBegunAsync(RolloutRequest request, CancellationToken token) =>
        await TookEffectAsync(request.Service, request.TaskDefinition, token) is { } after
            ? (Ours(request, after), after.CurrentServiceDeployment is { } shown && shown != request.Service.CurrentServiceDeployment ? shown : null)
            : null;

    private static OurRollout Ours(RolloutRequest request, ServiceState after) => new()
    {
        Before = request.Service,
        DeploymentId = after.Primary?.Id ?? throw new InvalidOperationException("UpdateService answered a service without a PRIMARY deployment."),
        TaskDefinition = request.TaskDefinition,
        WantsNoTasks = (request.DesiredCount ?? request.Service.DesiredCount) == 0,
    };

    private async Task<ServiceState> SendAsync(ServiceState before, JsonObject input, CancellationToken token)
    {
        for (var send = 1; ; send++)
        {
            try
            {
                return await ecs.UpdateServiceAsync(input, token);
            }
            catch (AwsException fault) when (fault.AnswerLost)
            {
                log.Warning("The answer to UpdateService got lost ({Message}); looking whether it took effect.", fault.AwsMessage);
                if (await TookEffectAsync(before, input.Text("taskDefinition")!, token) is { } service)
                {
                    return service;
                }

                if (send == MostSends)
                {
                    throw new LostUpdateException($"{fault.Message} It was sent {send} times, and a rollout of it is not seen.", fault);
                }
            }
        }
    }

    /// <summary>There is no client token: a PRIMARY that was not there before and brings our definition is the one that the lost call made.</summary>
    private async Task<ServiceState?> TookEffectAsync(ServiceState before, string definition, CancellationToken token)
    {
        var began = time.GetTimestamp();
        for (var look = 0; look < LooksAfterLoss;)
        {
            await Waiting.ForAsync(BetweenLooks, time, token);
            try
            {
                var service = await ecs.FindServiceAsync(before.ClusterArn, before.Name, token);
                if (service?.Primary is { } primary && primary.TaskDefinition == definition && before.Deployment(primary.Id) is null)
                {
                    return service;
                }

                look++;
            }
            catch (AwsException fault) when (fault.IsTransient)
            {
                if (time.GetElapsedTime(began) > Blind)
                {
                    throw new LostUpdateException($"The answer to UpdateService got lost, and ECS could not be asked whether it took effect: {fault.Message}", fault);
                }
            }
        }

        return null;
    }

    private async Task<IReadOnlySet<string>> KnownAsync(ServiceState service, CancellationToken token)
    {
        try
        {
            return (await ecs.ListServiceDeploymentsAsync(service, KnownDeployments, token)).Select(item => item.Arn).ToHashSet();
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return new HashSet<string>(service.CurrentServiceDeployment is { } current ? [current] : []);
        }
    }
}
