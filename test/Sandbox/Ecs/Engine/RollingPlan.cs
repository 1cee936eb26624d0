namespace Sandbox.Ecs.Engine;

/// <summary>The tasks of a service as one look of the scheduler finds them.</summary>
/// <param name="Desired">How many there should be.</param>
/// <param name="Minimum">So many must stay RUNNING: desired count times minimumHealthyPercent, rounded up.</param>
/// <param name="Maximum">So many may be RUNNING or PENDING: desired count times maximumPercent, rounded down.</param>
public readonly record struct RollingCounts(int Desired, int Minimum, int Maximum)
{
    public int NewLive { get; init; }

    public int NewRunning { get; init; }

    public int NewHealthy { get; init; }

    public int OldPending { get; init; }

    /// <summary>RUNNING, not yet counted as healthy.</summary>
    public int OldUncounted { get; init; }

    public int OldHealthy { get; init; }

    public static RollingCounts For(int desired, int minimumPercent, int maximumPercent) => new(
        desired,
        (int)((((long)desired * minimumPercent) + 99) / 100),
        (int)((long)desired * maximumPercent / 100));
}

/// <summary>What a rolling update does next (DeploymentConfiguration.minimumHealthyPercent and maximumPercent, UpdateService in the ECS model).</summary>
public readonly record struct RollingPlan(int Start, int StopPending, int StopUncounted, int StopHealthy)
{
    public bool Nothing => this is { Start: 0, StopPending: 0, StopUncounted: 0, StopHealthy: 0 };

    /// <summary>New tasks are started before old ones stop, as far as the maximum allows; where it does not, old ones stop first, as far as the minimum allows.</summary>
    public static RollingPlan For(RollingCounts counts)
    {
        var need = Math.Max(0, counts.Desired - counts.NewLive);
        var room = counts.Maximum - counts.NewLive - counts.OldPending - counts.OldUncounted - counts.OldHealthy;
        var start = Math.Clamp(room, 0, need);
        var blocked = need - start;
        var replaced = counts.NewHealthy >= counts.Desired;
        var healthy = counts.NewHealthy + counts.OldHealthy;
        var spare = Math.Max(0, healthy - counts.Minimum);

        var stopPending = replaced || blocked > 0 ? counts.OldPending : 0;
        blocked = Math.Max(0, blocked - stopPending);
        var runningSpare = Math.Max(0, counts.NewRunning + counts.OldUncounted + counts.OldHealthy - counts.Minimum);
        var stopUncounted = Math.Min(counts.OldUncounted, replaced ? counts.OldUncounted : Math.Min(blocked, runningSpare));
        blocked = Math.Max(0, blocked - stopUncounted);
        var stopHealthy = Math.Clamp(Math.Max(healthy - counts.Desired, Math.Min(blocked, spare)), 0, Math.Min(counts.OldHealthy, spare));
        return new RollingPlan(start, stopPending, stopUncounted, stopHealthy);
    }
}
