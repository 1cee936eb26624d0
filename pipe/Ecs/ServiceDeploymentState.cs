using System.Globalization;
using System.Text.Json.Nodes;

namespace EcsDeploy.Ecs;

/// <summary>A service deployment as DescribeServiceDeployments answered it: the newer view of a rollout, which says how it ended and why.</summary>
internal sealed class ServiceDeploymentState(JsonObject json)
{
    public string Arn => json.Text("serviceDeploymentArn") ?? "";

    public string Status => json.Text("status") ?? "";

    public string? StatusReason => json.Said("statusReason");

    public DateTimeOffset? CreatedAt => json.Moment("createdAt");

    public DateTimeOffset? FinishedAt => json.Moment("finishedAt");

    /// <summary>Where a blue/green, linear or canary deployment stands.</summary>
    public string? Stage => json.Text("lifecycleStage");

    public string? TargetRevision => Target?.Arn;

    public RevisionCounts? Target => json.Member("targetServiceRevision") is { } target ? new RevisionCounts(target) : null;

    public IReadOnlyList<RevisionCounts> Sources => [.. json.Members("sourceServiceRevisions").Select(item => new RevisionCounts(item))];

    public string? RollbackReason => json.Member("rollback").Said("reason");

    public bool BreakerTriggered => json.Member("deploymentCircuitBreaker").Text("status") == "TRIGGERED";

    public int? BreakerFailures => json.Member("deploymentCircuitBreaker").Number("failureCount");

    public int? BreakerThreshold => json.Member("deploymentCircuitBreaker").Number("threshold");

    public bool AlarmTriggered => json.Member("alarms").Text("status") == "TRIGGERED" || TriggeredAlarms.Count > 0;

    public IReadOnlyList<string> TriggeredAlarms => json.Member("alarms").Texts("triggeredAlarmNames");

    public IReadOnlyList<HookState> Hooks => [.. json.Members("lifecycleHookDetails").Select(item => new HookState(item))];

    /// <summary>The hook that waits for somebody's word; null when the deployment is not paused.</summary>
    public HookState? Pause => Hooks.FirstOrDefault(hook => hook.Type == "PAUSE" && hook.Status == "AWAITING_ACTION");

    public bool IsRollingBack => Status is "ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS";

    public bool IsOver => Status is "SUCCESSFUL" or "STOPPED" or "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED";
}

/// <summary>How many tasks and how much traffic one side of a deployment has.</summary>
internal sealed class RevisionCounts(JsonObject json)
{
    public string Arn => json.Text("arn") ?? "";

    public int Requested => json.Number("requestedTaskCount") ?? 0;

    public int Running => json.Number("runningTaskCount") ?? 0;

    public int Pending => json.Number("pendingTaskCount") ?? 0;

    /// <summary>Percent of the production traffic; null where no traffic is shifted.</summary>
    public double? Traffic => json.Decimal("requestedProductionTrafficWeight");
}

/// <summary>A lifecycle hook of a running deployment.</summary>
internal sealed class HookState(JsonObject json)
{
    public string Id => json.Text("hookId") ?? "";

    /// <summary>AWS_LAMBDA or PAUSE.</summary>
    public string Type => json.Text("targetType") ?? "AWS_LAMBDA";

    public string? Target => json.Text("targetArn");

    public string Status => json.Text("status") ?? "";

    public DateTimeOffset? ExpiresAt => json.Moment("expiresAt");

    /// <summary>What ECS does when nobody answers: CONTINUE or ROLLBACK.</summary>
    public string TimeoutAction => json.Text("timeoutAction") ?? "ROLLBACK";

    /// <summary>What waits for whom, until when, and what then.</summary>
    public string Words =>
        $"it waits for somebody's word until {ExpiresAt?.ToString("u", CultureInfo.InvariantCulture) ?? "a time that ECS does not say"}; without one ECS then "
        + $"{(TimeoutAction == "CONTINUE" ? "lets it go on" : "takes it back")}. To let it go on: ACTION=continue. To go back: ACTION=stop.";
}
