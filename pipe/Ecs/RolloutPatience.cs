using EcsDeploy.Settings;

namespace EcsDeploy.Ecs;

/// <summary>How long a rollout is waited for, and how often it is looked at.</summary>
internal static class RolloutPatience
{
    private static readonly TimeSpan AtFirst = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongRollout = TimeSpan.FromMinutes(15);

    /// <summary>WAIT_TIMEOUT as it was given; the default grows by the time in which ECS only watches.</summary>
    public static TimeSpan Timeout(RolloutSettings settings, DeploymentRules rules) =>
        settings.TimeoutGiven ? settings.Timeout : settings.Timeout + rules.WatchingTime;

    /// <summary>Until the next beat of the clock, the same for every rollout of a run: looks that fall together go together, ten services to a call.</summary>
    public static TimeSpan Pause(TimeSpan elapsed, TimeProvider time)
    {
        var beat = elapsed < LongRollout ? AtFirst : Later;
        var left = beat - TimeSpan.FromTicks(time.GetElapsedTime(0).Ticks % beat.Ticks);

        // A wait is cut to whole milliseconds: one that is shorter would not wait at all.
        return TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
    }
}
