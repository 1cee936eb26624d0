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

    public static TimeSpan Pause(TimeSpan elapsed) => elapsed < LongRollout ? AtFirst : Later;
}
