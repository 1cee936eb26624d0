using System.Text.Json.Nodes;

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

    public bool Ended => Status is "SUCCESSFUL" or "STOPPED" or "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED";

    public bool RollingBack => Status is "ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS";
}

/// <summary>A return to an earlier revision.</summary>
public sealed record Rollback(string Reason, DateTimeOffset StartedAt, Deployment? Target);
