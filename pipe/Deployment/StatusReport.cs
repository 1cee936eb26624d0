using System.Globalization;
using EcsDeploy.Ecr;
using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>ACTION status: what runs where, since when, from which commit, what the registry has on record, and what one can go back to.</summary>
internal sealed class StatusReport(EcsSide ecs, Func<EcrRepository, EcrClient> registry, PipeSettings settings, ILogger log)
{
    private readonly EnvironmentRecords _records = new(registry, settings, log);

    /// <summary>What serves, a sentence for each service.</summary>
    public async Task<IReadOnlyList<string>> TellAsync(CancellationToken token)
    {
        var words = new List<string>();
        var services = await ecs.Search.GetAsync(settings.Services, token);
        foreach (var (status, records) in (await SideBySide.RunAsync(services, service => ReadAsync(service, token))).Results())
        {
            Tell(status);
            TellRecord(status.Definition, records);
            foreach (var way in status.WaysBack)
            {
                log.Information("  can go back to {Target}", way.ToString());
            }

            words.Add($"{status.Service.ClusterName}/{status.Service.Name}: {status.Versions.Words}");
        }

        return words;
    }

    private async Task<(ServiceStatus Status, IReadOnlyList<PromotionRecord> Records)> ReadAsync(ServiceState service, CancellationToken token)
    {
        var past = await ServicePast.OfAsync(ecs.Client, service, token);
        var records = await _records.LatestAsync(past.Current, token);
        var finder = new RollbackFinder(past, _ => Task.FromResult<IReadOnlyList<Digest>>([.. records.Select(record => record.Digest)]));
        return (await ServiceStatus.ReadAsync(ecs.Client, past, finder, token), records);
    }

    private void Tell(ServiceStatus status)
    {
        var service = status.Service;
        log.Information(
            "{Cluster}/{Service}: {TaskDefinition}, {Running} of {Desired} tasks run, since {Since}, commit {Commit}, rolled by build {Build}, registered by {By}",
            service.ClusterName, service.Name, status.Definition.Name, status.Versions.ServedTasks, service.DesiredCount,
            status.Since?.ToString("u", CultureInfo.InvariantCulture) ?? "unknown", status.Definition.Commit ?? "unknown", status.Definition.Build ?? "unknown", status.Definition.RegisteredBy ?? "unknown");
        foreach (var image in status.Definition.Images)
        {
            log.Information("  image {Image}", image);
        }

        if (status.Next is { } next)
        {
            log.Information(
                "  is set to {TaskDefinition}: {Running} of {Desired} tasks run, commit {Commit}, rolled by build {Build}, registered by {By}",
                next.Name, status.Versions.NewTasks, service.DesiredCount, next.Commit ?? "unknown", next.Build ?? "unknown", next.RegisteredBy ?? "unknown");
        }

        log.Information("  last rollout: {Status}", status.LastRollout?.Status ?? "unknown (the role may not see rollouts, or there was none)");
        if (status.Pause is { } pause)
        {
            log.Information("  paused: {Pause}", pause.Words);
        }
    }

    private void TellRecord(TaskDefinition definition, IReadOnlyList<PromotionRecord> records)
    {
        if (records is [var latest, ..])
        {
            log.Information(
                "  on record for {Environment}: {Digest} (tag {Tag}){Same}",
                settings.Environment, latest.Digest.Text, latest.Tag,
                definition.Images.Any(image => image.EndsWith(latest.Digest.Text, StringComparison.Ordinal)) ? ", which is what runs" : "; something else runs");
        }
        else if (settings.Environment is { } environment)
        {
            log.Information("  on record for {Environment}: nothing that can be seen", environment);
        }
    }
}
