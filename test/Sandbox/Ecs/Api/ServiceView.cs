using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Api;

/// <summary>A service as DescribeServices answers it.</summary>
public static class ServiceView
{
    /// <summary>Members of the request that the model's Service does not have: its deployments show them, or its revisions alone.</summary>
    private static readonly string[] Deeper = ["serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations", "monitoring"];

    public static JsonObject Of(Service service, bool withTags = false)
    {
        var view = new JsonObject
        {
            ["serviceArn"] = service.Arn,
            ["serviceName"] = service.Name,
            ["clusterArn"] = service.Cluster.Arn,
            ["status"] = service.Status,
            ["desiredCount"] = service.Daemon ? service.Primary?.DesiredCount ?? 0 : service.DesiredCount,
            ["runningCount"] = service.Controller == "CODE_DEPLOY" ? service.DesiredCount : service.Deployments.Sum(deployment => deployment.Running),
            ["pendingCount"] = service.Deployments.Sum(deployment => deployment.Count(TaskPhase.Pending)),
            ["taskDefinition"] = service.TaskDefinition?.Arn,
            ["deployments"] = Json.Array(service.Controller == "ECS" ? service.Deployments.Select(deployment => Deployment(service, deployment)) : []),
            ["taskSets"] = service.Controller == "ECS" ? null : TaskSets(service),
            ["events"] = Json.Array(service.Events.Latest.Select(Event)),
            ["createdAt"] = Json.Epoch(service.CreatedAt),
            ["createdBy"] = service.CreatedBy,
            ["currentServiceDeployment"] = service.Current?.Arn,
            ["currentServiceRevisions"] = service.Current is null ? null : Json.Array(service.Deployments.Where(Begun).Select(Revision)),
            ["tags"] = withTags && service.Tags.Count > 0 ? service.Tags.Copy() : null,
        };
        if (service.LaunchType == "FARGATE")
        {
            view["platformVersion"] = (string?)service.Definition["platformVersion"] ?? "LATEST";
            view["platformFamily"] = "Linux";
        }

        view = view.WithoutNulls().With(service.Definition);
        foreach (var member in Deeper)
        {
            view.Remove(member);
        }

        return view;

        bool Begun(Deployment deployment) => service.Newest is not { Status: "PENDING" } pending || pending.Deployment != deployment;
    }

    private static JsonObject Deployment(Service service, Deployment deployment)
    {
        var view = new JsonObject
        {
            ["id"] = deployment.Id,
            ["status"] = deployment.Primary ? "PRIMARY" : "ACTIVE",
            ["taskDefinition"] = deployment.Revision.TaskDefinition.Arn,
            ["desiredCount"] = deployment.Primary && !deployment.Failed ? service.Daemon ? deployment.DesiredCount : service.DesiredCount : deployment.DesiredCount,
            ["pendingCount"] = deployment.Count(TaskPhase.Pending),
            ["runningCount"] = deployment.Running,
            ["failedTasks"] = deployment.FailedTasks,
            ["createdAt"] = Json.Epoch(deployment.CreatedAt),
            ["updatedAt"] = Json.Epoch(deployment.UpdatedAt),
        };
        // rolloutState is only returned for rolling updates (Deployment.rolloutState in the ECS model).
        if (!Stages.Staged(Rollouts.Configuration(service)))
        {
            view["rolloutState"] = deployment.RolloutState;
            view["rolloutStateReason"] = deployment.RolloutStateReason;
        }

        if (service.LaunchType == "FARGATE")
        {
            view["platformVersion"] = "1.4.0";
            view["platformFamily"] = "Linux";
        }

        foreach (var member in new[] { "launchType", "capacityProviderStrategy", "networkConfiguration", "serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations" })
        {
            view[member] = deployment.Definition[member]?.DeepClone();
        }

        return view.WithoutNulls();
    }

    /// <summary>CodeDeploy's services show one steady set; it is CodeDeploy, which is not played, that would move it.</summary>
    private static JsonArray TaskSets(Service service) => service.TaskDefinition is not { } definition || service.Controller != "CODE_DEPLOY" ? [] : new JsonArray(new JsonObject
    {
        ["id"] = "ecs-svc/1000000000000000000",
        ["taskSetArn"] = service.Arn.Replace(":service/", ":task-set/", StringComparison.Ordinal) + "/ecs-svc/1000000000000000000",
        ["serviceArn"] = service.Arn,
        ["clusterArn"] = service.Cluster.Arn,
        ["status"] = "PRIMARY",
        ["taskDefinition"] = definition.Arn,
        ["computedDesiredCount"] = service.DesiredCount,
        ["runningCount"] = service.DesiredCount,
        ["pendingCount"] = 0,
        ["launchType"] = service.LaunchType,
        ["scale"] = new JsonObject { ["value"] = 100.0, ["unit"] = "PERCENT" },
        ["stabilityStatus"] = "STEADY_STATE",
        ["createdAt"] = Json.Epoch(service.CreatedAt),
    });

    private static JsonObject Revision(Deployment deployment) => new()
    {
        ["arn"] = deployment.Revision.Arn,
        ["requestedTaskCount"] = deployment.DesiredCount,
        ["runningTaskCount"] = deployment.Running,
        ["pendingTaskCount"] = deployment.Count(TaskPhase.Pending),
    };

    private static JsonObject Event(ServiceEvent item) => new()
    {
        ["id"] = item.Id,
        ["createdAt"] = Json.Epoch(item.CreatedAt),
        ["message"] = item.Message,
    };
}
