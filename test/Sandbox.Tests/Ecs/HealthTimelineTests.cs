using Sandbox.Ecs.Engine;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>HealthCheck in the ECS model: interval, retries, startPeriod.</summary>
public sealed class HealthTimelineTests
{
    private static readonly HealthTimeline Usual = new(TimeSpan.FromSeconds(10), 3, TimeSpan.Zero);

    [Theory]
    [InlineData(0, null, "10+")]
    [InlineData(25, null, "30+")]
    [InlineData(35, null, "30-")]
    [InlineData(0, 100, "10+ 120-")]
    [InlineData(0, 5, "30-")]
    public void Changes_come_with_the_rounds_of_the_check(int well, int? ill, string expected) => Assert.Equal(expected, Play(Usual, well, ill));

    [Fact]
    public void Failures_within_the_start_period_do_not_count()
    {
        Assert.Equal("60+", Play(Usual with { StartPeriod = TimeSpan.FromSeconds(60) }, 55, null));
        Assert.Equal("90-", Play(Usual with { StartPeriod = TimeSpan.FromSeconds(60) }, null, null));
    }

    private static string Play(HealthTimeline timeline, int? well, int? ill) => string.Join(
        ' ',
        timeline.Changes(well is { } from ? TimeSpan.FromSeconds(from) : TimeSpan.MaxValue, ill is { } until ? TimeSpan.FromSeconds(until) : null)
            .Select(change => $"{change.At.TotalSeconds}{(change.Healthy ? '+' : '-')}"));
}
