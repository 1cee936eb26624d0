using System.Collections.Concurrent;

namespace Pipe.Tests.Registry;

/// <summary>A clock whose timers run out when the test says so, and not before.</summary>
internal sealed class FiringTime : TimeProvider
{
    private readonly ConcurrentBag<Timer> _timers = [];

    public void Fire()
    {
        foreach (var timer in _timers)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(() => callback(state));
        _timers.Add(timer);
        return timer;
    }

    private sealed class Timer(Action callback) : ITimer
    {
        private volatile bool _over;

        public void Fire()
        {
            if (!_over)
            {
                callback();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => !_over;

        public void Dispose() => _over = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
