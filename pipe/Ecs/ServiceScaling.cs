using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using EcsDeploy.Time;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Changes how many tasks of the same version run, which is no rollout: follows it until so many run.</summary>
internal sealed class ServiceScaling(EcsClient ecs, RolloutSettings settings, TimeProvider time, ILogger log)
{
    public async Task<Verdict> RunAsync(ServiceState service, int count, CancellationToken token)
    {
        log.Information("Updating service {Service} in cluster {Cluster}: desired count {Count}.", service.Name, service.ClusterName, count);

        // The same count twice is the same count: this may be repeated.
        await ecs.ReadAsync("UpdateService", new JsonObject { ["cluster"] = service.ClusterArn, ["service"] = service.Name, ["desiredCount"] = count }, token);
        if (!settings.Wait)
        {
            return new Verdict.Started { Serving = Serving.New };
        }

        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) is var elapsed && elapsed < settings.Timeout)
        {
            await Waiting.ForAsync(RolloutPatience.Pause(elapsed, time), time, token);
            if (await LookAsync(service, token) is { } now && now.DesiredCount == count && now.RunningCount == count)
            {
                return count == 0
                    ? new Verdict.ScaledToZero { FromTheStart = true, Serving = Serving.Nothing }
                    : new Verdict.Succeeded { Serving = Serving.New };
            }
        }

        return new Verdict.TimedOut { After = settings.Timeout, Serving = Serving.New, Reasons = [$"The service was asked for {count} tasks and does not run so many. Its events tell why."] };
    }

    private async Task<ServiceState?> LookAsync(ServiceState service, CancellationToken token)
    {
        try
        {
            return await ecs.FindServiceAsync(service.ClusterArn, service.Name, token);
        }
        catch (AwsException fault) when (fault.IsTransient)
        {
            log.Debug("A look at the service failed and is repeated: {Message}", fault.AwsMessage);
            return null;
        }
    }
}
