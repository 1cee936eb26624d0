using System.Text.Json.Nodes;

namespace Sandbox.Ecs.Engine;

/// <summary>
/// When a health check, asked every interval, changes its finding of a container that is well between two moments. By HealthCheck of the ECS model: interval
/// 30 s, retries 3, startPeriod 0; failures within the start period do not count; the first success is HEALTHY, <c>retries</c> failures in a row UNHEALTHY.
/// </summary>
public sealed record HealthTimeline(TimeSpan Interval, int Retries, TimeSpan StartPeriod)
{
    public static HealthTimeline Of(JsonObject healthCheck) => new(
        TimeSpan.FromSeconds((int?)healthCheck["interval"] ?? 30),
        (int?)healthCheck["retries"] ?? 3,
        TimeSpan.FromSeconds((int?)healthCheck["startPeriod"] ?? 0));

    /// <summary>The changes, in time after the start; at most one of each kind, for an unhealthy task is stopped.</summary>
    public IEnumerable<(TimeSpan At, bool Healthy)> Changes(TimeSpan wellFrom, TimeSpan? illFrom)
    {
        var well = wellFrom == TimeSpan.MaxValue ? long.MaxValue : Math.Max(1, Rounds(wellFrom));
        var ill = illFrom is { } moment ? Math.Max(1, Rounds(moment)) : long.MaxValue;
        var counted = (long)Math.Floor(StartPeriod / Interval) + 1;
        if (well >= ill || well - counted >= Retries)
        {
            yield return (Interval * (counted + Retries - 1), false);
            yield break;
        }

        yield return (Interval * well, true);
        if (ill != long.MaxValue)
        {
            yield return (Interval * (ill + Retries - 1), false);
        }
    }

    private long Rounds(TimeSpan time) => (long)Math.Ceiling(time / Interval);
}
