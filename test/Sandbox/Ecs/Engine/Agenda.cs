namespace Sandbox.Ecs.Engine;

/// <summary>
/// What happens when: the engine's events in order of time, those of one instant in the order they were planned. One timer of the clock stands for
/// the earliest; nothing polls. Everything runs under one lock, which the API's operations take too.
/// </summary>
public sealed class Agenda : IDisposable
{
    private readonly PriorityQueue<Entry, (DateTimeOffset Due, long Number)> _entries = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private DateTimeOffset _armed = DateTimeOffset.MaxValue;
    private DateTimeOffset? _past;
    private long _number;

    public Agenda(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Lock Gate { get; } = new();

    public DateTimeOffset Now => _past ?? _time.GetUtcNow();

    /// <summary>How many events have run: the measure of the engine's work.</summary>
    public long Done { get; private set; }

    public Entry Plan(TimeSpan delay, Action action)
    {
        var entry = new Entry(action, Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero));
        _entries.Enqueue(entry, (entry.Due, _number++));
        Arm();
        return entry;
    }

    /// <summary>For what comes from outside (a real process that ended): run now, under the lock.</summary>
    public void Post(Action action)
    {
        lock (Gate)
        {
            action();
        }
    }

    /// <summary>Has something happen a while ago, with all that followed from it until now.</summary>
    public void Recall(TimeSpan ago, Action action)
    {
        lock (Gate)
        {
            var now = _time.GetUtcNow();
            _past = now - ago;
            action();
            while (_entries.TryPeek(out var entry, out _) && entry.Due <= now)
            {
                _entries.Dequeue();
                _past = entry.Due;
                Run(entry);
            }

            _past = null;
            Arm();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        lock (Gate)
        {
            _armed = DateTimeOffset.MaxValue;
            while (_entries.TryPeek(out var entry, out _) && (entry.Cancelled || entry.Due <= Now))
            {
                _entries.Dequeue();
                Run(entry);
            }

            Arm();
        }
    }

    private void Run(Entry entry)
    {
        if (!entry.Cancelled)
        {
            Done++;
            entry.Action();
        }
    }

    private void Arm()
    {
        while (_entries.TryPeek(out var head, out _) && head.Cancelled)
        {
            _entries.Dequeue();
        }

        if (_past is not null || !_entries.TryPeek(out var entry, out _) || entry.Due >= _armed)
        {
            return;
        }

        _armed = entry.Due;
        var delay = entry.Due - Now;
        _timer.Change(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A planned event; cancelled, it is as if it had never been planned.</summary>
    public sealed class Entry(Action action, DateTimeOffset due)
    {
        public Action Action { get; } = action;

        public DateTimeOffset Due { get; } = due;

        public bool Cancelled { get; private set; }

        public void Cancel() => Cancelled = true;
    }
}
