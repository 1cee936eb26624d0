using System.Globalization;

namespace Sandbox.Time;

/// <summary>
/// A clock for tests, shared by the pipe and the sandbox: time stands still while anyone works and jumps to the earliest timer as soon as everyone waits.
/// <para>
/// A wait is a pending <c>Task.Delay</c>; a <c>CancellationTokenSource</c> with a timeout is a deadline and any other timer an event of the sandbox: neither
/// makes time move by itself. Time moves when every participant (<see cref="Enter"/>) has a wait or a parked request, no request is in flight,
/// nothing holds the clock, and the thread pool has come to rest. Timers fire one by one, those of the same instant in the order they were set.
/// </para>
/// </summary>
public sealed class VirtualClock : TimeProvider, IDisposable
{
    private readonly object _gate = new();
    private readonly SortedSet<VirtualTimer> _timers = new(VirtualTimer.Order);
    private readonly HashSet<Participant> _participants = [];
    private readonly DateTimeOffset _start;
    private readonly Thread _thread;
    private readonly Func<bool>? _isHeld;
    private long _now;
    private long _sequence;
    private long _version;
    private int _freeWaits;
    private int _serving;
    private int _parked;
    private int _held;
    private bool _ended;

    /// <param name="start">The first instant; the real time when null, so that signatures and tokens made now are good.</param>
    /// <param name="isHeld">Asked before each jump: time stands while it says true (a child process runs).</param>
    public VirtualClock(DateTimeOffset? start = null, Func<bool>? isHeld = null)
    {
        _start = start ?? DateTimeOffset.UtcNow;
        _isHeld = isHeld;
        _thread = new Thread(Run) { IsBackground = true, Name = "virtual clock" };
        _thread.Start();
    }

    /// <summary>Virtual time since the clock was made.</summary>
    public TimeSpan Elapsed => new(Interlocked.Read(ref _now));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state, Participant.Of(this));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// What runs in this scope, with everything it awaits, is one participant: time moves only while it waits. Participants that start together enter
    /// under one <see cref="Hold"/>, or the first one's wait would be over before the second one is there.
    /// </summary>
    public IDisposable Enter(string name = "participant")
    {
        OutgoingRequests.Watch();
        var participant = new Participant(this, name);
        var outer = Participant.Enter(participant);
        Update(() => _participants.Add(participant));
        return new Scope(() =>
        {
            Participant.Enter(outer);
            Update(() => _participants.Remove(participant));
        });
    }

    /// <summary>Time stands until the scope ends.</summary>
    public IDisposable Hold() => Counted(change => _held += change);

    /// <summary>A request is being served until the scope ends.</summary>
    public IDisposable Serve() => Counted(change => _serving += change);

    /// <summary>The request that is being served waits on this clock itself (a slow or stalled answer): it is no reason for time to stand.</summary>
    public IDisposable Park() => Counted(change => _parked += change);

    public void Dispose()
    {
        Update(() => _ended = true);
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }
    }

    /// <summary>Why time moves or stands: for the message of a test that hangs.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            var who = string.Join(", ", _participants);
            var next = _timers.Min is { } timer ? new TimeSpan(timer.Due).ToString() : "nothing";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"at {Elapsed}; next {next} of {_timers.Count}; held {_held}; serving {_serving}, parked {_parked}; free waits {_freeWaits}; participants: {who}");
        }
    }

    internal void Update(Action change)
    {
        lock (_gate)
        {
            change();
            _version++;
            Monitor.Pulse(_gate);
        }
    }

    internal void CountHeld(int change) => Update(() => _held += change);

    /// <summary>Puts the timer at its new place; null takes it out.</summary>
    internal void Place(VirtualTimer timer, TimeSpan? due) => Update(() =>
    {
        if (_timers.Remove(timer))
        {
            CountWait(timer, -1);
        }

        if (due is { } span)
        {
            timer.MoveTo(_now + span.Ticks, isDueNow: span == TimeSpan.Zero, ++_sequence);
            _timers.Add(timer);
            CountWait(timer, 1);
        }
    });

    private Scope Counted(Action<int> add)
    {
        Update(() => add(1));
        return new Scope(() => Update(() => add(-1)));
    }

    private void CountWait(VirtualTimer timer, int change)
    {
        if (timer.Kind != TimerKind.Wait)
        {
            return;
        }

        if (timer.Owner is { } owner)
        {
            owner.Waits += change;
        }
        else
        {
            _freeWaits += change;
        }
    }

    private void Run()
    {
        while (Next() is { } next)
        {
            if (next.Timer.IsDueNow || Quiet.Comes(() => Interlocked.Read(ref _version) != next.Version))
            {
                Fire(next.Timer, next.Version);
            }
        }
    }

    /// <summary>Waits until everyone waits: the timer to fire next, with the version of the state that says so; null when the clock has ended.</summary>
    private (VirtualTimer Timer, long Version)? Next()
    {
        lock (_gate)
        {
            while (!_ended)
            {
                if (_timers.Min is { } timer && (timer.IsDueNow || MayJump()))
                {
                    return (timer, _version);
                }

                // A child process that ends cannot pulse.
                Monitor.Wait(_gate, _isHeld is null ? Timeout.InfiniteTimeSpan : Quiet.HeldLook);
            }

            return null;
        }
    }

    private bool MayJump()
    {
        var outgoing = _participants.Sum(participant => participant.Requests);
        // A parked answer may have sent its first half: then its client neither waits nor counts a request.
        var working = _participants.Count(participant => participant is { Waits: 0, Requests: 0 });
        var waiting = _participants.Sum(participant => participant.Waits) + _freeWaits + _parked;
        return _held == 0 && _serving == _parked && outgoing + working <= _parked && waiting > 0 && _isHeld?.Invoke() != true;
    }

    private void Fire(VirtualTimer timer, long version)
    {
        lock (_gate)
        {
            if (_version != version || !_timers.Remove(timer))
            {
                return;
            }

            CountWait(timer, -1);
            Interlocked.Exchange(ref _now, Math.Max(_now, timer.Due));
            _version++;
        }

        timer.Fire();
    }
}
