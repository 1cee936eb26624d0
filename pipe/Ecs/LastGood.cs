using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>Finds the task definition that a service last ran steadily, other than the one that failed.</summary>
internal sealed class LastGood(EcsClient ecs)
{
    private const int MostHistory = 100;

    /// <summary>The ARN; null when no other definition is known to have run steadily.</summary>
    public async Task<string?> FindAsync(ServiceState before, string failed, CancellationToken token)
    {
        var steady = before.Deployments.FirstOrDefault(deployment => deployment.RolloutState == "COMPLETED" && deployment.TaskDefinition != failed);
        if (steady is not null)
        {
            return steady.TaskDefinition;
        }

        var history = await HistoryAsync(before, token);
        return SteadyHistory.WaysBack(history.Reverse(), item => item.TaskDefinition, failed) is [var nearest, ..] ? nearest.TaskDefinition : null;
    }

    /// <summary>The definitions whose deployments succeeded, the latest success first; empty when the role may not see them.</summary>
    public async Task<IReadOnlyList<GoodRevision>> HistoryAsync(ServiceState service, CancellationToken token)
    {
        try
        {
            var good = (await ecs.ListServiceDeploymentsAsync(service, MostHistory, token))
                .Where(item => item is { Status: "SUCCESSFUL", TargetRevision: not null })
                .OrderByDescending(item => item.CreatedAt)
                .ToList();
            var revisions = (await ecs.DescribeServiceRevisionsAsync([.. good.Select(item => item.TargetRevision!).Distinct()], token))
                .ToDictionary(revision => revision.Arn);
            return [.. good
                .Where(item => revisions.ContainsKey(item.TargetRevision!))
                .Select(item => new GoodRevision(revisions[item.TargetRevision!].TaskDefinition, item.FinishedAt ?? item.CreatedAt, revisions[item.TargetRevision!]) { Deployment = item.Arn })];
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return [];
        }
    }
}

/// <summary>A definition that a service once ran steadily.</summary>
internal sealed record GoodRevision(string TaskDefinition, DateTimeOffset? SucceededAt, ServiceRevision Revision)
{
    /// <summary>The ARN of the service deployment that succeeded.</summary>
    public required string Deployment { get; init; }
}
