namespace Pipe.Tests.Aws;

/// <summary>A clock whose short waits end at once, moving it on; for one waiter. Long ones (an answer's timeout) never end.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private static readonly TimeSpan Leap = TimeSpan.FromSeconds(60);

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

    public List<TimeSpan> Waits { get; } = [];

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= Leap || dueTime == Timeout.InfiniteTimeSpan)
        {
            return new NoTimer();
        }

        Waits.Add(dueTime);
        Now += dueTime;
        return TimeProvider.System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
