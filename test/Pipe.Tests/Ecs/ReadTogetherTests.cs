using EcsDeploy.Aws;
using EcsDeploy.Ecs;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class ReadTogetherTests
{
    private readonly List<int> _calls = [];
    private readonly TaskCompletionSource _gate = new();

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

    private ReadTogether<string> Reads() => new(
        10,
        async (keys, _) =>
        {
            _calls.Add(keys.Count);
            await _gate.Task;
            return keys.Contains("denied")
                ? throw AwsException.From(new AwsFailure { Call = new AwsCall("ecs", "DescribeServices", "eu-west-1", "deploy"), Kind = AwsFailureKind.AccessDenied }, null)
                : [.. keys.Where(key => key != "missing")];
        },
        item => item);
}
