namespace EcsDeploy.Settings;

/// <summary>How a rollout is followed and what happens when it does not succeed.</summary>
internal sealed record RolloutSettings
{
    public bool Wait { get; init; } = true;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>WAIT_TIMEOUT was given: then bake and canary time do not lengthen it.</summary>
    public bool TimeoutGiven { get; init; }

    public bool ForceNewDeployment { get; init; }

    /// <summary>ON_FAILURE, where ECS does not roll back by itself.</summary>
    public AfterTrouble OnFailure { get; init; } = AfterTrouble.Rollback;

    public AfterTrouble OnTimeout { get; init; } = AfterTrouble.Leave;

    public AfterTrouble OnCancel { get; init; } = AfterTrouble.Leave;

    /// <summary>ROLLBACK_TO: a revision, commit, build or digest; null for the last good revision.</summary>
    public string? RollbackTo { get; init; }
}

/// <summary>What to do with a rollout that is in trouble.</summary>
internal enum AfterTrouble
{
    Rollback,
    Leave,
}
