using System.Globalization;
using EcsDeploy.Ecs;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>ACTION status: what runs where, since when, from which commit, and what one can go back to.</summary>
internal sealed class StatusReport(EcsSide ecs, ILogger log)
{
    private const int MostWaysBack = 5;

    public async Task TellAsync(PipeSettings settings, CancellationToken token)
    {
        foreach (var service in await ecs.Search.GetAsync(settings.Services, token))
        {
            Tell(await ServiceStatus.ReadAsync(ecs.Client, service, token));
        }
    }

    private void Tell(ServiceStatus status)
    {
        var service = status.Service;
        log.Information(
            "{Cluster}/{Service}: {TaskDefinition}, {Running} of {Desired} tasks run, since {Since}, commit {Commit}, build {Build}, registered by {By}",
            service.ClusterName, service.Name, status.Definition.Name, service.RunningCount, service.DesiredCount,
            status.Since?.ToString("u", CultureInfo.InvariantCulture) ?? "unknown", status.Commit ?? "unknown", status.Build ?? "unknown", status.By ?? "unknown");
        foreach (var image in status.Definition.Images)
        {
            log.Information("  image {Image}", image);
        }

        log.Information("  last rollout: {Status}", status.LastRollout?.Status ?? "unknown (the role may not see rollouts, or there was none)");
        foreach (var way in status.WaysBack.Take(MostWaysBack))
        {
            log.Information("  can go back to {Target}", way.ToString());
        }
    }
}
