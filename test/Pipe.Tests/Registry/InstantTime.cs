namespace Pipe.Tests.Registry;

/// <summary>A clock on which every pause is over at once and is remembered.</summary>
internal sealed class InstantTime : TimeProvider
{
    public List<TimeSpan> Pauses { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (Pauses)
        {
            Pauses.Add(dueTime);
        }

        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
