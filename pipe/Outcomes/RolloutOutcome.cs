namespace EcsDeploy.Outcomes;

/// <summary>One service after a rollout: what was rolled, how it ended, what serves, how to go back.</summary>
internal sealed record RolloutOutcome
{
    public required string Cluster { get; init; }

    public required string Service { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary><c>family:revision</c> that ran before; empty when that is not known.</summary>
    public required string Before { get; init; }

    /// <summary><c>family:revision</c> that was rolled.</summary>
    public required string After { get; init; }

    /// <summary>ECS was asked to take it back, so that its end is the old version's return.</summary>
    public bool IsReturn { get; init; }

    /// <summary>What was rolled is an earlier version, on purpose.</summary>
    public bool IsWayBack { get; init; }

    /// <summary>The id of our deployment; null when none was started.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>The ARN of our service deployment; null when none was started, or the role may not see it.</summary>
    public string? ServiceDeployment { get; init; }

    /// <summary>What was looked for and not seen, such as the digest of a running task after a success; empty when all was seen.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    public TimeSpan Duration { get; init; }

    /// <summary>The last words of containers that failed, each line with its container; empty when there are none to be had.</summary>
    public IReadOnlyList<string> ContainerLog { get; init; } = [];

    /// <summary>The last line of the log: what serves now, and how to go back.</summary>
    public string LastLine => $"{Cluster}/{Service}: {Verdict.Words}. {Serves} {WayBack}".TrimEnd();

    private string Serves => Verdict.Serving switch
    {
        Serving.New when Before == After && Verdict is Verdict.NothingToDo => $"{After} serves.",
        Serving.New or Serving.Old or Serving.Both when Before == After && Verdict is Verdict.Started => $"{After} serves, and its tasks are being replaced.",
        Serving.New when IsWayBack => $"The earlier version serves again ({After}).",
        Serving.Old when Verdict is Verdict.Started => $"The old version serves for now ({Before}).",
        Serving.New => $"The new version serves ({After}).",
        Serving.Old => $"The old version serves ({Before}).",
        Serving.Both => $"Both versions serve: old ({Before}) and new ({After}).",
        Serving.Nothing => "Nothing serves.",
        _ => "What serves is not known.",
    };

    private string WayBack => Verdict switch
    {
        Verdict.NothingToDo => "To go back: ACTION=rollback.",
        Verdict.Paused => "To go on: ACTION=continue. To go back: ACTION=stop.",
        Verdict.Superseded => "The other rollout decides what serves next; look there before going back.",
        Verdict.RolledBack => "",
        Verdict.NotRolled => NotUsed,
        Verdict.Started or Verdict.TimedOut or Verdict.NotSeenToItsEnd when IsReturn => "It is being taken back; running this step again follows that.",
        Verdict.Started or Verdict.TimedOut or Verdict.NotSeenToItsEnd =>
            $"The rollout goes on; running this step again follows it. To go back: ACTION=stop while it runs, then ACTION=rollback{To}.",
        not Verdict.FailedNotRolledBack when Verdict.Serving == Serving.Old => "",
        Verdict.FailedNotRolledBack { RollbackFailed: true } => $"ECS's own rollback failed too: mend what the reasons name first, then ACTION=rollback{To}.",
        _ when Before == After => "To go back: ACTION=rollback.",
        Verdict.Succeeded when IsWayBack => $"To return to what was left: ACTION=rollback{To}.",
        _ => $"To go back: ACTION=rollback{To}.",
    };

    private string NotUsed => Verdict.Serving != Serving.Old ? "Running this step again follows a rollout that was begun, or begins it."
        : Before == After ? ""
        : $"{After} is registered and not used.";

    private string To => Before.Length == 0 || Before == After ? "" : $" with ROLLBACK_TO={Before}";
}
