using System.Text.Json.Nodes;

namespace EcsDeploy.Ecs;

/// <summary>One entry of a service's <c>deployments</c>: the older view of a rollout, which every role that may describe services can see.</summary>
internal sealed class DeploymentState(JsonObject json)
{
    public string Id => json.Text("id") ?? "";

    /// <summary>PRIMARY, ACTIVE or INACTIVE.</summary>
    public string Status => json.Text("status") ?? "";

    public string TaskDefinition => json.Text("taskDefinition") ?? "";

    public int Desired => json.Number("desiredCount") ?? 0;

    public int Pending => json.Number("pendingCount") ?? 0;

    public int Running => json.Number("runningCount") ?? 0;

    /// <summary>Consecutive failures; set back to 0 when a task runs.</summary>
    public int FailedTasks => json.Number("failedTasks") ?? 0;

    public DateTimeOffset? CreatedAt => json.Moment("createdAt");

    /// <summary>IN_PROGRESS, COMPLETED or FAILED; null behind a Classic Load Balancer and for other than rolling deployments.</summary>
    public string? RolloutState => json.Text("rolloutState");

    public string? RolloutStateReason => json.Said("rolloutStateReason");
}
