using EcsDeploy.Aws;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Says whose rollout is under way on a service before another one takes its place.</summary>
internal sealed class OthersRollout(EcsClient ecs, ILogger log)
{
    public async Task TellAsync(ServiceState service, string next, CancellationToken token)
    {
        if (service.Primary is not { } primary || !await IsUnderWayAsync(service, primary, token))
        {
            return;
        }

        log.Warning(
            "Another rollout is under way on service {Service}: {Whose}, deployment {Deployment}. The rollout of {TaskDefinition} takes its place.",
            service.Name, await WhoseAsync(primary.TaskDefinition, token), primary.Id, TaskDefinition.ShortName(next));
    }

    private async Task<string> WhoseAsync(string arn, CancellationToken token)
    {
        try
        {
            var definition = await ecs.DescribeTaskDefinitionAsync(arn, token);
            return $"{definition.Name}, commit {definition.Tag("commit") ?? "unknown"}, build {definition.Tag("build") ?? "unknown"}, registered by {definition.RegisteredBy ?? "unknown"}";
        }
        catch (AwsException)
        {
            // Only the names around it are missing then.
            return TaskDefinition.ShortName(arn);
        }
    }

    /// <summary>Only rolling deployments have a rollout state; for the others their service deployment tells, or that there are two.</summary>
    private async Task<bool> IsUnderWayAsync(ServiceState service, DeploymentState primary, CancellationToken token)
    {
        if (primary.RolloutState is { } state)
        {
            return state == "IN_PROGRESS";
        }

        try
        {
            return await ecs.ListServiceDeploymentsAsync(service, 1, token) is [{ IsOver: false }, ..];
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return service.Deployments.Count > 1;
        }
    }
}
