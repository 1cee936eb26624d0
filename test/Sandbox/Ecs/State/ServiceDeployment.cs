using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;

namespace Sandbox.Ecs.State;

/// <summary>One release of a service, from its request to its end.</summary>
public sealed class ServiceDeployment
{
    public required string Arn { get; init; }

    public required Deployment Deployment { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The revisions that had tasks when it began.</summary>
    public required IReadOnlyList<Deployment> Sources { get; init; }

    /// <summary>What it was configured with when it began.</summary>
    public required JsonObject Configuration { get; init; }

    public string Status { get; set; } = "PENDING";

    public string? StatusReason { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public DateTimeOffset? StoppedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Null as long as nothing was rolled back.</summary>
    public Rollback? Rollback { get; set; }

    /// <summary>As DescribeServiceDeployments shows it; a rollback counts its own failures in <see cref="RollbackFailures"/>.</summary>
    public int FailureCount { get; set; }

    public int RollbackFailures { get; set; }

    /// <summary>The breaker's limit at the time it was last asked.</summary>
    public int Threshold { get; set; }

    public bool BreakerTriggered { get; set; }

    /// <summary>Null for a rolling update.</summary>
    public IReadOnlyList<Step>? Steps { get; set; }

    public int StepIndex { get; set; } = -1;

    public string? Stage { get; set; }

    /// <summary>From SCALE_UP on the new revision has tasks.</summary>
    public bool GreenRuns { get; set; }

    /// <summary>From CLEAN_UP on the old revision has none.</summary>
    public bool BlueGoes { get; set; }

    public List<LifecycleHook> Hooks { get; } = [];

    /// <summary>Until then a rolling update watches its alarms; null before its tasks are all there.</summary>
    public DateTimeOffset? BakesUntil { get; set; }

    public List<string> TriggeredAlarms { get; } = [];

    public bool Ended => Status is "SUCCESSFUL" or "STOPPED" or "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED";

    public bool RollingBack => Status is "ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS";
}

/// <summary>A return to an earlier revision.</summary>
public sealed record Rollback(string Reason, DateTimeOffset StartedAt, Deployment? Target);
