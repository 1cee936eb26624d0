namespace Pipe.Tests.Ecs.Timelines;

/// <summary>A clock for one waiter in memory: each wait is over at once and moves the clock by its length.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _now;

    public double Seconds => new TimeSpan(_now).TotalSeconds;

    /// <summary>Time that something other than a wait takes.</summary>
    public void Advance(TimeSpan time) => _now += time.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddDays(20000).AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _now += Math.Max(0, dueTime.Ticks);
        return new Timer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
