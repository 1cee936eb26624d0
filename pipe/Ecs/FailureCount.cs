namespace EcsDeploy.Ecs;

/// <summary>Counts the tasks of our rollout that failed in a row, as the circuit breaker of ECS does where there is one.</summary>
internal sealed class FailureCount(OurRollout ours)
{
    /// <summary>A task that keeps running so long without another one failing makes ECS forget the failures before.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    private (int Failures, TimeSpan At) _last;
    private int _forgotten;

    /// <summary>After this look; each look is taken into account once, in the order of time.</summary>
    public int After(Observation look)
    {
        var mine = look.Service?.Deployment(ours.DeploymentId);
        var total = look.FailedTasks.Count;
        if (total > _last.Failures)
        {
            _last = (total, look.Elapsed);
        }
        else if (mine is { Running: > 0 } && look.Elapsed - _last.At >= Calm)
        {
            _forgotten = total;
        }

        return Math.Max(mine?.FailedTasks ?? 0, total - _forgotten);
    }
}
