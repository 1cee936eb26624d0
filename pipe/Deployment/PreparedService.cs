using EcsDeploy.Ecs;

namespace EcsDeploy.Deployment;

/// <summary>A service of which everything is known that a rollout needs, and of which nothing has been touched.</summary>
internal sealed record PreparedService(ServicePlan Plan, TaskDefinition Definition, RolloutRequest Request, RolloutDecision Decision)
{
    public string Arn => Plan.Service.Arn;

    /// <summary>The new version is still to be rolled, by us.</summary>
    public bool IsToBeRolled => Decision is RolloutDecision.Update;
}
