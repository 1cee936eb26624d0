using System.Text.Json.Nodes;

namespace EcsDeploy.Ecs;

/// <summary>A service as DescribeServices or UpdateService answered it.</summary>
internal sealed class ServiceState(JsonObject json)
{
    public JsonObject Json => json;

    public string Arn => json.Text("serviceArn") ?? "";

    public string Name => json.Text("serviceName") ?? Arn[(Arn.LastIndexOf('/') + 1)..];

    public string ClusterArn => json.Text("clusterArn") ?? "";

    public string ClusterName => ClusterArn[(ClusterArn.LastIndexOf('/') + 1)..];

    /// <summary>ACTIVE, DRAINING or INACTIVE.</summary>
    public string Status => json.Text("status") ?? "";

    public bool IsActive => Status == "ACTIVE";

    public int DesiredCount => json.Number("desiredCount") ?? 0;

    public int RunningCount => json.Number("runningCount") ?? 0;

    public string TaskDefinition => json.Text("taskDefinition") ?? "";

    /// <summary>ECS, CODE_DEPLOY or EXTERNAL; ECS when the answer has none.</summary>
    public string Controller => json.Member("deploymentController").Text("type") ?? "ECS";

    public bool IsDaemon => json.Text("schedulingStrategy") == "DAEMON";

    public DeploymentRules Rules => new(json.Member("deploymentConfiguration"));

    public IReadOnlyList<DeploymentState> Deployments => [.. json.Members("deployments").Select(item => new DeploymentState(item))];

    public DeploymentState? Primary => Deployments.FirstOrDefault(deployment => deployment.Status == "PRIMARY");

    /// <summary>The ARN of the service deployment under way; null when there is none or the service is older than that API.</summary>
    public string? CurrentServiceDeployment => json.Text("currentServiceDeployment");

    /// <summary>The latest events, newest first, at most 100 (ECS model).</summary>
    public IReadOnlyList<ServiceEvent> Events =>
        [.. json.Members("events").Select(item => new ServiceEvent(item.Text("id") ?? "", item.Moment("createdAt"), item.Said("message") ?? ""))];

    /// <summary>The containers that load balancers send requests to.</summary>
    public IReadOnlyList<string> BalancedContainers =>
        [.. json.Members("loadBalancers").Select(balancer => balancer.Text("containerName")).OfType<string>().Distinct()];

    public DeploymentState? Deployment(string id) => Deployments.FirstOrDefault(deployment => deployment.Id == id);
}

/// <summary>One line of a service's event stream.</summary>
internal sealed record ServiceEvent(string Id, DateTimeOffset? At, string Message);
