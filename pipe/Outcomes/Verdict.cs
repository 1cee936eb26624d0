namespace EcsDeploy.Outcomes;

/// <summary>How a rollout ended: exactly one of the nested kinds.</summary>
internal abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>What serves when the pipe stops looking.</summary>
    public Serving Serving { get; init; } = Serving.Unknown;

    /// <summary>Why, the likely cause first in one sentence with what to do; empty when there is nothing to explain.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    public abstract ExitCode ExitCode { get; }

    /// <summary>The verdict in the words of the documentation: "rolled back".</summary>
    public abstract string Words { get; }

    /// <summary>Green: the step may go on.</summary>
    public bool IsGood => ExitCode == ExitCode.Done;

    /// <summary>ECS finished the rollout: the new version serves.</summary>
    internal sealed record Succeeded : Verdict
    {
        public override ExitCode ExitCode => ExitCode.Done;

        public override string Words => "succeeded";
    }

    /// <summary>The rollout failed, and the version before it serves again.</summary>
    internal sealed record RolledBack : Verdict
    {
        public override ExitCode ExitCode => ExitCode.RolledBack;

        public override string Words => "rolled back";
    }

    /// <summary>The rollout failed, and nothing was rolled back, or the rollback failed too.</summary>
    internal sealed record FailedNotRolledBack : Verdict
    {
        /// <summary>ECS tried to go back, and failed at that: what it goes back to does not come up either.</summary>
        public bool RollbackFailed { get; init; }

        public override ExitCode ExitCode => ExitCode.FailedNotRolledBack;

        public override string Words => "failed and not rolled back";
    }

    /// <summary>Another rollout took the place of ours.</summary>
    internal sealed record Superseded : Verdict
    {
        public override ExitCode ExitCode => ExitCode.Superseded;

        public override string Words => "superseded";
    }

    /// <summary>Somebody stopped the rollout, or deleted the service under it.</summary>
    internal sealed record StoppedBySomeone : Verdict
    {
        public override ExitCode ExitCode => ExitCode.Superseded;

        public override string Words => "stopped by someone";
    }

    /// <summary>A lifecycle hook waits for somebody's word.</summary>
    internal sealed record Paused : Verdict
    {
        /// <summary>What waits for whom, until when, and what then.</summary>
        public string Wait { get; init; } = "";

        public override ExitCode ExitCode => ExitCode.Paused;

        public override string Words => "paused";
    }

    /// <summary>The service wants no tasks: ECS calls that success, but nothing ran.</summary>
    internal sealed record ScaledToZero : Verdict
    {
        /// <summary>It wanted none when this run came; otherwise somebody scaled it down under the rollout.</summary>
        public required bool FromTheStart { get; init; }

        public override ExitCode ExitCode => FromTheStart ? ExitCode.Done : ExitCode.Superseded;

        public override string Words => "scaled to zero";
    }

    /// <summary>The wait ended before the rollout did; it goes on without us.</summary>
    internal sealed record TimedOut : Verdict
    {
        public required TimeSpan After { get; init; }

        public override ExitCode ExitCode => ExitCode.InFlight;

        public override string Words => "timed out";
    }

    /// <summary>ECS could no longer be asked; nobody here knows how the rollout ends.</summary>
    internal sealed record NotSeenToItsEnd : Verdict
    {
        public override ExitCode ExitCode => ExitCode.InFlight;

        public override string Words => "not seen to its end";
    }

    /// <summary>Started, and by WAIT=false not waited for.</summary>
    internal sealed record Started : Verdict
    {
        public override ExitCode ExitCode => ExitCode.Done;

        public override string Words => "started";
    }

    /// <summary>Something went wrong before the service's rollout, or kept it from being followed.</summary>
    internal sealed record NotRolled(ExitCode Code) : Verdict
    {
        public override ExitCode ExitCode => Code;

        public static NotRolled By(PipeException failure) => new(failure.ExitCode) { Reasons = failure.Message.Split('\n') };

        /// <summary>Where nobody knows what serves, it may have been rolled after all.</summary>
        public override string Words => Serving == Serving.Old ? "not rolled" : "not rolled to its end";
    }

    /// <summary>The rollout succeeded and stands, and the task after it did not.</summary>
    internal sealed record TaskAfterFailed : Verdict
    {
        public override ExitCode ExitCode => ExitCode.TaskAfterFailed;

        public override string Words => "rolled, but the task after it failed";
    }

    /// <summary>What was asked for runs already.</summary>
    internal sealed record NothingToDo : Verdict
    {
        public override ExitCode ExitCode => ExitCode.Done;

        public override string Words => "nothing to do";
    }
}

/// <summary>Which version answers requests.</summary>
internal enum Serving
{
    Unknown,
    New,
    Old,
    Both,
    Nothing,
}
