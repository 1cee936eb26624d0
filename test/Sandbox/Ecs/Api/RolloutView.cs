using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Api;

/// <summary>Service deployments and revisions as ECS answers them.</summary>
public static class RolloutView
{
    public static JsonObject Brief(Service service, ServiceDeployment rollout) => new JsonObject
    {
        ["serviceDeploymentArn"] = rollout.Arn,
        ["serviceArn"] = service.Arn,
        ["clusterArn"] = service.Cluster.Arn,
        ["startedAt"] = Json.Epoch(rollout.StartedAt),
        ["createdAt"] = Json.Epoch(rollout.CreatedAt),
        ["finishedAt"] = Json.Epoch(rollout.FinishedAt),
        ["targetServiceRevisionArn"] = rollout.Deployment.Revision.Arn,
        ["status"] = rollout.Status,
        ["statusReason"] = rollout.StatusReason,
    }.WithoutNulls();

    public static JsonObject Full(Service service, ServiceDeployment rollout)
    {
        var view = new JsonObject
        {
            ["serviceDeploymentArn"] = rollout.Arn,
            ["serviceArn"] = service.Arn,
            ["clusterArn"] = service.Cluster.Arn,
            ["createdAt"] = Json.Epoch(rollout.CreatedAt),
            ["startedAt"] = Json.Epoch(rollout.StartedAt),
            ["finishedAt"] = Json.Epoch(rollout.FinishedAt),
            ["stoppedAt"] = Json.Epoch(rollout.StoppedAt),
            ["updatedAt"] = Json.Epoch(rollout.UpdatedAt),
            ["sourceServiceRevisions"] = Json.Array(rollout.Sources.Select(source => Summary(source, rollout, rollout.Ended))),
            ["targetServiceRevision"] = Summary(rollout.Deployment, rollout, false),
            ["status"] = rollout.Status,
            ["statusReason"] = rollout.StatusReason,
            ["deploymentConfiguration"] = rollout.Configuration.DeepClone(),
            ["deploymentCircuitBreaker"] = Breaker(rollout),
            ["alarms"] = AlarmStatus(rollout),
            ["lifecycleStage"] = Stage(rollout),
            ["lifecycleHookDetails"] = rollout.Hooks.Count == 0 ? null : Json.Array(rollout.Hooks.Select(Hook)),
        };
        if (rollout.Rollback is { } rollback)
        {
            view["rollback"] = new JsonObject
            {
                ["reason"] = rollback.Reason,
                ["startedAt"] = Json.Epoch(rollback.StartedAt),
                ["serviceRevisionArn"] = rollback.Target?.Revision.Arn,
            }.WithoutNulls();
        }

        return view.WithoutNulls();
    }

    public static JsonObject Revision(Service service, ServiceRevision revision)
    {
        var view = new JsonObject
        {
            ["serviceRevisionArn"] = revision.Arn,
            ["serviceArn"] = service.Arn,
            ["clusterArn"] = service.Cluster.Arn,
            ["taskDefinition"] = revision.TaskDefinition.Arn,
            ["containerImages"] = Json.Array(revision.TaskDefinition.Containers.Select(container => Image(revision, container))),
            ["guardDutyEnabled"] = false,
            ["createdAt"] = Json.Epoch(revision.CreatedAt),
        };
        if (revision.Definition.Text("launchType") == "FARGATE")
        {
            view["platformVersion"] = "1.4.0";
            view["platformFamily"] = "Linux";
        }

        // Which target group this revision has: green gets the one that blue has not (AdvancedConfiguration in the ECS model).
        var balancers = revision.Definition.Objects("loadBalancers").Where(balancer => balancer["advancedConfiguration"] is JsonObject).ToList();
        if (balancers.Count > 0)
        {
            var odd = service.History.FindIndex(rollout => rollout.Deployment.Revision == revision) % 2 == 1;
            view["resolvedConfiguration"] = new JsonObject
            {
                ["loadBalancers"] = Json.Array(balancers.Select(balancer => new JsonObject
                {
                    ["targetGroupArn"] = odd ? (string?)balancer["advancedConfiguration"]!["alternateTargetGroupArn"] : balancer.Text("targetGroupArn"),
                    ["productionListenerRule"] = (string?)balancer["advancedConfiguration"]!["productionListenerRule"],
                }.WithoutNulls())),
            };
        }

        return view.With(revision.Definition);
    }

    private static JsonObject Image(ServiceRevision revision, JsonObject container) => new JsonObject
    {
        ["containerName"] = container.Text("name"),
        ["image"] = container.Text("image"),
        ["imageDigest"] = revision.Digests.GetValueOrDefault(container.Text("name") ?? ""),
    }.WithoutNulls();

    private static JsonObject Summary(Deployment deployment, ServiceDeployment rollout, bool over) => new JsonObject
    {
        ["arn"] = deployment.Revision.Arn,
        ["requestedTaskCount"] = over && deployment.All == 0 ? 0 : deployment.DesiredCount,
        ["runningTaskCount"] = deployment.Running,
        ["pendingTaskCount"] = deployment.Count(TaskPhase.Pending),
        ["requestedTestTrafficWeight"] = rollout.Steps is null ? null : deployment.TestWeight,
        ["requestedProductionTrafficWeight"] = rollout.Steps is null ? null : deployment.ProductionWeight,
    }.WithoutNulls();

    /// <summary>PRE_PRODUCTION_TRAFFIC_SHIFT takes hooks, but the model's ServiceDeploymentLifecycleStage does not have it: the stage before it is shown.</summary>
    private static string? Stage(ServiceDeployment rollout) => rollout.Stage != "PRE_PRODUCTION_TRAFFIC_SHIFT" ? rollout.Stage
        : rollout.Deployment.ProductionWeight > 0 ? "PRODUCTION_TRAFFIC_SHIFT"
        : "POST_TEST_TRAFFIC_SHIFT";

    private static JsonObject Hook(LifecycleHook hook) => new JsonObject
    {
        ["hookId"] = hook.Id,
        ["targetType"] = hook.TargetType,
        ["targetArn"] = hook.TargetArn,
        ["status"] = hook.Status,
        ["expiresAt"] = Json.Epoch(hook.ExpiresAt),
        ["timeoutAction"] = hook.TimeoutAction,
    }.WithoutNulls();

    private static JsonObject? AlarmStatus(ServiceDeployment rollout) => Alarms.Configuration(rollout) is not { } alarms ? null : new JsonObject
    {
        ["status"] = rollout.TriggeredAlarms.Count > 0 ? "TRIGGERED" : rollout.Ended ? "MONITORING_COMPLETE" : "MONITORING",
        ["alarmNames"] = alarms["alarmNames"]?.DeepClone(),
        ["triggeredAlarmNames"] = Json.Strings(rollout.TriggeredAlarms),
    };

    private static JsonObject Breaker(ServiceDeployment rollout)
    {
        var enabled = CircuitBreaker.Of(rollout.Configuration).Enabled;
        return new JsonObject
        {
            ["status"] = !enabled ? "DISABLED" : rollout.BreakerTriggered ? "TRIGGERED" : rollout.Ended ? "MONITORING_COMPLETE" : "MONITORING",
            ["failureCount"] = rollout.FailureCount,
            ["threshold"] = rollout.Threshold,
        };
    }
}
