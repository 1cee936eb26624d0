using System.Globalization;
using System.Text.Json.Nodes;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Api;

/// <summary>A task as DescribeTasks answers it.</summary>
public static class TaskView
{
    public static JsonObject Of(EcsTask task, bool withTags)
    {
        var view = new JsonObject
        {
            ["taskArn"] = task.Arn,
            ["clusterArn"] = task.Cluster.Arn,
            ["taskDefinitionArn"] = task.Definition.Arn,
            ["containerInstanceArn"] = task.Instance?.Arn,
            ["lastStatus"] = task.LastStatus,
            ["desiredStatus"] = task.DesiredStatus,
            ["connectivity"] = "CONNECTED",
            ["connectivityAt"] = Json.Epoch(task.CreatedAt),
            ["containers"] = Json.Array(task.Containers.Select(container => Container(task, container))),
            ["cpu"] = task.Definition.Cpu.ToString(CultureInfo.InvariantCulture),
            ["memory"] = task.Definition.Memory.ToString(CultureInfo.InvariantCulture),
            ["createdAt"] = Json.Epoch(task.CreatedAt),
            ["pullStartedAt"] = Json.Epoch(task.PullStartedAt),
            ["pullStoppedAt"] = Json.Epoch(task.PullStoppedAt),
            ["startedAt"] = Json.Epoch(task.StartedAt),
            ["stoppingAt"] = Json.Epoch(task.StoppingAt),
            ["executionStoppedAt"] = Json.Epoch(task.ExecutionStoppedAt),
            ["stoppedAt"] = Json.Epoch(task.StoppedAt),
            ["stopCode"] = task.StopCode,
            ["stoppedReason"] = task.StoppedReason,
            ["startedBy"] = task.StartedBy,
            ["group"] = task.Group,
            ["healthStatus"] = Health(task),
            ["launchType"] = task.LaunchType,
            ["availabilityZone"] = $"{task.Cluster.Names.Region}a",
            ["attachments"] = new JsonArray(),
            ["attributes"] = new JsonArray((JsonNode)new JsonObject { ["name"] = "ecs.cpu-architecture", ["value"] = task.Definition.Platform == "linux/arm64" ? "arm64" : "x86_64" }),
            ["overrides"] = task.Overrides.DeepClone(),
            ["tags"] = withTags ? task.Tags.Copy() : [],
            ["version"] = task.Version,
        };
        if (task.LaunchType == "FARGATE")
        {
            view["platformVersion"] = "1.4.0";
            view["platformFamily"] = "Linux";
        }

        return view.WithoutNulls().With(task.Extra);
    }

    private static JsonObject Container(EcsTask task, EcsContainer container) => new JsonObject
    {
        ["containerArn"] = task.Cluster.Names.Container(task.Cluster.Name, task.Id, container.Id),
        ["taskArn"] = task.Arn,
        ["name"] = container.Name,
        ["image"] = container.Image,
        ["imageDigest"] = container.ImageDigest,
        ["runtimeId"] = container.RuntimeId,
        ["lastStatus"] = container.LastStatus,
        ["exitCode"] = container.ExitCode,
        ["reason"] = container.Reason,
        ["networkBindings"] = new JsonArray(),
        ["networkInterfaces"] = new JsonArray(),
        ["healthStatus"] = container.HealthStatus,
        ["cpu"] = ((int?)container.Definition["cpu"] ?? 0).ToString(CultureInfo.InvariantCulture),
        ["memory"] = ((int?)container.Definition["memory"])?.ToString(CultureInfo.InvariantCulture),
        ["memoryReservation"] = ((int?)container.Definition["memoryReservation"])?.ToString(CultureInfo.InvariantCulture),
    }.WithoutNulls();

    /// <summary>By the essential containers: UNHEALTHY if one is, HEALTHY if all that are checked are (Task.healthStatus in the ECS model).</summary>
    private static string Health(EcsTask task)
    {
        var checkedOnes = task.Containers.Where(container => container.Essential && container.HealthCheck is not null).Select(container => container.HealthStatus).ToList();
        return checkedOnes.Contains("UNHEALTHY") ? "UNHEALTHY" : checkedOnes.Count > 0 && checkedOnes.TrueForAll(status => status == "HEALTHY") ? "HEALTHY" : "UNKNOWN";
    }
}
