using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class TimelineTests
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_verdict_is_the_true_one(string name)
    {
        var scenario = Scenarios.All.Single(item => item.Name == name);

        var played = await Play.OursAsync(scenario, TestContext.Current.CancellationToken);

        Assert.Equal(scenario.Truth, played.Outcome.Verdict.Words);
        Assert.Equal(scenario.ExitCode, played.Outcome.Verdict.ExitCode);
        Assert.Equal(scenario.Updates, played.Wire.Updates);
        if (scenario.Reason is { } reason)
        {
            Assert.Contains(reason, played.Outcome.Verdict.Reasons[0], StringComparison.Ordinal);
        }
        else
        {
            Assert.Empty(played.Outcome.Verdict.Reasons);
        }

        if (scenario.DecidedAt is { } decided)
        {
            Assert.InRange(played.KnownAt - decided, 0, 12);
        }
    }
}
