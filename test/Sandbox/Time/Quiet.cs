namespace Sandbox.Time;

/// <summary>Whether the thread pool has come to rest: what a timer or an answer set off has run to its next wait.</summary>
internal static class Quiet
{
    /// <summary>How often a clock that was stopped by something which cannot tell it (a child process) looks again, in real time.</summary>
    public static readonly TimeSpan HeldLook = TimeSpan.FromMilliseconds(5);

    /// <summary>How long the pool may be busy with others' work, in real time, while nothing of ours changes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    /// <summary>False as soon as something changed.</summary>
    public static bool Comes(Func<bool> changed)
    {
        var start = TimeProvider.System.GetTimestamp();
        var idle = 0;
        while (idle < 2 && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            if (changed())
            {
                return false;
            }

            idle = IsIdle() ? idle + 1 : 0;
            Thread.Yield();
        }

        return !changed();
    }

    private static bool IsIdle()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return free == most && ThreadPool.PendingWorkItemCount == 0;
    }
}
