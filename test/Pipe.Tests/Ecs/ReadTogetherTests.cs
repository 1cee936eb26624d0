using EcsDeploy.Aws;
using EcsDeploy.Ecs;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class ReadTogetherTests
{
    private readonly List<int> _calls = [];
    private readonly TaskCompletionSource _gate = new();
    private readonly TaskCompletionSource _givenUp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_asked_while_a_call_is_under_way_goes_with_the_next_one()
    {
        var reads = Reads();

        var asked = Enumerable.Range(0, 26).Select(i => reads.GetAsync($"s{i}", Token)).ToList();
        var full = _calls.ToArray();
        _gate.SetResult();
        var answers = await Task.WhenAll(asked);

        // A full call waits for nobody.
        Assert.Equal([1, 10, 10], full);
        Assert.Equal([1, 10, 10, 5], _calls);
        Assert.Equal(Enumerable.Range(0, 26).Select(i => $"s{i}"), answers);
    }

    [Fact]
    public async Task One_alone_waits_for_nobody()
    {
        _gate.SetResult();

        Assert.Equal("a", await Reads().GetAsync("a", Token));
        Assert.Null(await Reads().GetAsync("missing", Token));
    }

    [Fact]
    public async Task One_that_may_not_be_read_does_not_hide_the_others()
    {
        var reads = Reads();

        var first = reads.GetAsync("a", Token);
        var denied = reads.GetAsync("denied", Token);
        var other = reads.GetAsync("b", Token);
        _gate.SetResult();

        Assert.Equal("a", await first);
        Assert.Equal("b", await other);
        Assert.True((await Assert.ThrowsAsync<AwsException>(() => denied)).IsAccessDenied);
    }

    [Fact]
    public async Task One_caller_that_is_cancelled_does_not_take_the_others_along()
    {
        var reads = Reads();
        using var cancel = new CancellationTokenSource();

        var first = reads.GetAsync("a", cancel.Token);
        var other = reads.GetAsync("b", Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await _givenUp.Task.WaitAsync(Token);
        _gate.SetResult();

        Assert.Equal("b", await other);
    }

    [Fact]
    public async Task A_call_goes_on_while_anybody_waits_for_it()
    {
        var reads = Reads();
        using var cancel = new CancellationTokenSource();
        var alone = reads.GetAsync("a", Token);
        var cancelled = reads.GetAsync("b", cancel.Token);
        var waiting = reads.GetAsync("c", Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _gate.SetResult();

        Assert.Equal(("a", "c"), (await alone, await waiting));
        Assert.False(_givenUp.Task.IsCompleted);
    }

    private ReadTogether<string> Reads() => new(
        10,
        async (keys, inner) =>
        {
            _calls.Add(keys.Count);
            await Task.WhenAny(_gate.Task, Task.Delay(Timeout.Infinite, inner));
            if (inner.IsCancellationRequested)
            {
                _givenUp.TrySetResult();
                inner.ThrowIfCancellationRequested();
            }

            return keys.Contains("denied")
                ? throw AwsException.From(new AwsFailure { Call = new AwsCall("ecs", "DescribeServices", "eu-west-1", "deploy"), Kind = AwsFailureKind.AccessDenied }, null)
                : [.. keys.Where(key => key != "missing")];
        },
        item => item);
}
