using System.Diagnostics;
using Sandbox.Time;
using Xunit;

namespace Sandbox.Tests.Time;

public sealed class VirtualClockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_hour_of_polling_passes_in_a_moment_and_exactly()
    {
        using var clock = new VirtualClock();
        var real = Stopwatch.StartNew();

        using (clock.Enter())
        {
            for (var i = 0; i < 360; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(10), clock, Token);
            }
        }

        Assert.Equal(Hour, clock.Elapsed);
        Assert.InRange(real.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Many_waiters_wake_in_the_order_of_their_times_and_equal_times_in_the_order_they_were_set()
    {
        using var clock = new VirtualClock();
        var woken = new List<string>();
        var hold = clock.Hold();
        var waiters = "5339137128".Select(digit => digit - '0').Select((seconds, index) => WaitAsync(clock, seconds, () => woken.Add($"{seconds}:{index}"))).ToArray();
        hold.Dispose();

        await Task.WhenAll(waiters);

        Assert.Equal(["1:4", "1:7", "2:8", "3:1", "3:2", "3:5", "5:0", "7:6", "8:9", "9:3"], woken);
        Assert.Equal(TimeSpan.FromSeconds(9), clock.Elapsed);
    }

    [Fact]
    public async Task Time_stands_while_a_participant_works_whatever_deadlines_and_events_are_set()
    {
        using var clock = new VirtualClock();
        using var scope = clock.Enter();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(30), clock);
        using var engine = clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        await WorkAsync();

        Assert.False(deadline.IsCancellationRequested);
        Assert.Equal(TimeSpan.Zero, clock.Elapsed);
    }

    [Fact]
    public async Task A_deadline_ends_a_wait_that_is_longer()
    {
        using var clock = new VirtualClock();
        using var scope = clock.Enter();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(30), clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Hour, clock, deadline.Token));

        Assert.Equal(TimeSpan.FromMinutes(30), clock.Elapsed);
    }

    [Fact]
    public async Task A_participant_that_works_keeps_the_time_of_one_that_waits()
    {
        using var clock = new VirtualClock();
        var hold = clock.Hold();
        var worker = Task.Run(
            async () =>
            {
                using var scope = clock.Enter("worker");
                await WorkAsync();
                return clock.Elapsed;
            },
            Token);
        await Task.Yield();
        while (!clock.ToString().Contains("worker", StringComparison.Ordinal))
        {
            await Task.Yield();
        }

        var waiter = WaitAsync(clock, 3600, () => { });
        hold.Dispose();

        Assert.Equal(TimeSpan.Zero, await worker);
        await waiter;
        Assert.Equal(Hour, clock.Elapsed);
    }

    [Fact]
    public async Task A_child_process_can_keep_the_time()
    {
        using var child = Process.Start("sleep", "0.1");
        using var clock = new VirtualClock(isHeld: () => !child.HasExited);
        using var scope = clock.Enter();

        await Task.Delay(Hour, clock, Token);

        Assert.True(child.HasExited);
    }

    [Fact]
    public async Task Timers_repeat_can_be_moved_and_do_not_fire_once_disposed_of()
    {
        using var clock = new VirtualClock();
        using var scope = clock.Enter();
        var seen = new List<string>();
        using var repeating = clock.CreateTimer(_ => seen.Add($"r{clock.Elapsed.TotalSeconds}"), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        using var moved = clock.CreateTimer(_ => seen.Add($"m{clock.Elapsed.TotalSeconds}"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        moved.Change(TimeSpan.FromSeconds(4), Timeout.InfiniteTimeSpan);
        var ended = clock.CreateTimer(_ => seen.Add("never"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        await ended.DisposeAsync();

        await Task.Delay(TimeSpan.FromSeconds(9), clock, Token);

        Assert.Equal(["r2", "m4", "r5", "r8"], seen);
    }

    [Fact]
    public async Task A_timer_that_is_due_at_once_fires_though_nobody_waits()
    {
        using var clock = new VirtualClock();
        using var scope = clock.Enter();
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = clock.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);

        Assert.Equal(TimeSpan.Zero, clock.Elapsed);
    }

    [Fact]
    public async Task It_does_not_flake()
    {
        for (var round = 0; round < 100; round++)
        {
            await Many_waiters_wake_in_the_order_of_their_times_and_equal_times_in_the_order_they_were_set();
        }
    }

    [Fact]
    public async Task A_sped_up_clock_keeps_the_proportions()
    {
        var clock = new ScaledClock(1000);
        var start = clock.GetUtcNow();

        await Task.Delay(TimeSpan.FromSeconds(60), clock, Token);

        // Real timers may be a millisecond early: a second here.
        Assert.InRange(clock.GetUtcNow() - start, TimeSpan.FromSeconds(55), TimeSpan.FromDays(1));
    }

    private static async Task WaitAsync(VirtualClock clock, int seconds, Action then)
    {
        using var scope = clock.Enter();
        await Task.Delay(TimeSpan.FromSeconds(seconds), clock, Token);
        then();
    }

    /// <summary>Computes on the thread pool and lets it go in between, for some real time.</summary>
    private static async Task WorkAsync()
    {
        var real = Stopwatch.StartNew();
        while (real.ElapsedMilliseconds < 60)
        {
            await Task.Yield();
            Thread.SpinWait(1000);
        }
    }
}
