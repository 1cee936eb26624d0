namespace Sandbox.Ecs.State;

/// <summary>One run of a lifecycle hook (DeploymentLifecycleHookDetail in the ECS model).</summary>
public sealed class LifecycleHook
{
    public required string Id { get; init; }

    public required string Stage { get; init; }

    /// <summary>AWS_LAMBDA or PAUSE.</summary>
    public required string TargetType { get; init; }

    public string? TargetArn { get; init; }

    /// <summary>AWAITING_ACTION, IN_PROGRESS, SUCCEEDED, FAILED or TIMED_OUT.</summary>
    public required string Status { get; set; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>CONTINUE or ROLLBACK.</summary>
    public required string TimeoutAction { get; init; }

    /// <summary>What comes when it is done.</summary>
    public required Action Continue { get; init; }

    public bool Over => Status is not "AWAITING_ACTION" and not "IN_PROGRESS";
}
