using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>Says how the latest rollout of a service stands, by whichever view of it the strategy and the role leave.</summary>
internal sealed class LatestRollout(EcsClient ecs)
{
    public const string InProgress = "IN_PROGRESS";
    public const string Completed = "COMPLETED";
    public const string Failed = "FAILED";

    public async Task<bool> IsUnderWayAsync(ServiceState service, CancellationToken token) => await StateAsync(service, token) == InProgress;

    /// <summary>In ECS's words for a rolling deployment. Other strategies have none: their last service deployment tells, or the number of deployments.</summary>
    public async Task<string> StateAsync(ServiceState service, CancellationToken token)
    {
        if (service.Primary?.RolloutState is { } state)
        {
            return state;
        }

        try
        {
            return await ecs.ListServiceDeploymentsAsync(service, 1, token) is [var latest, ..]
                ? latest.Status switch
                {
                    "SUCCESSFUL" or "ROLLBACK_SUCCESSFUL" => Completed,
                    "STOPPED" or "ROLLBACK_FAILED" => Failed,
                    _ => InProgress,
                }
                : Completed;
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return service.Deployments.Count > 1 ? InProgress : Completed;
        }
    }
}
