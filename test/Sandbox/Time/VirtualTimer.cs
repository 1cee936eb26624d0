namespace Sandbox.Time;

/// <summary>What a timer is for, as far as its state tells.</summary>
internal enum TimerKind
{
    /// <summary>Someone does nothing until it fires.</summary>
    Wait,

    /// <summary>Someone works and will be stopped when it fires.</summary>
    Deadline,

    /// <summary>Something in the sandbox happens when it fires.</summary>
    Event,
}

/// <summary>A timer of the virtual clock.</summary>
internal sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, Participant? owner) : ITimer
{
#pragma warning disable CA2213 // A captured context holds nothing that needs an end.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
#pragma warning restore CA2213
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private volatile bool _disposed;

    /// <summary>By due time, then by the order in which they were set.</summary>
    public static IComparer<VirtualTimer> Order { get; } =
        Comparer<VirtualTimer>.Create((one, other) => (one.Due, !one.IsDueNow, one.Sequence).CompareTo((other.Due, !other.IsDueNow, other.Sequence)));

    public TimerKind Kind { get; } = KindOf(state);

    public Participant? Owner { get; } = owner;

    /// <summary>In ticks since the clock was made.</summary>
    public long Due { get; private set; }

    public long Sequence { get; private set; }

    /// <summary>Set to fire without any time passing: it need not wait until everyone waits.</summary>
    public bool IsDueNow { get; private set; }

    public void MoveTo(long due, bool isDueNow, long sequence) => (Due, IsDueNow, Sequence) = (due, isDueNow, sequence);

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        _period = period;
        clock.Place(this, dueTime == Timeout.InfiniteTimeSpan ? null : dueTime);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        clock.Place(this, null);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Events run on the clock's own thread, so that time stands meanwhile; what wakes others runs on the thread pool, with the clock held.</summary>
    public void Fire()
    {
        if (_period > TimeSpan.Zero)
        {
            Change(_period, _period);
        }

        if (Kind == TimerKind.Event)
        {
            Call();
            return;
        }

        clock.CountHeld(1);
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                Call();
                clock.CountHeld(-1);
            },
            null);
    }

    private static TimerKind KindOf(object? state) => state switch
    {
        CancellationTokenSource => TimerKind.Deadline,
        // Task.Delay's own task. Task.WaitAsync's is another kind of task, and a deadline.
        Task task when task.GetType().Name.Contains("Delay", StringComparison.Ordinal) => TimerKind.Wait,
        Task => TimerKind.Deadline,
        _ => TimerKind.Event,
    };

    private void Call()
    {
        if (_disposed)
        {
            return;
        }

        if (_context is null)
        {
            callback(state);
        }
        else
        {
            ExecutionContext.Run(_context, now => callback(now), state);
        }
    }
}
