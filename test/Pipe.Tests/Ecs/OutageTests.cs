using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>What a reader of the log sees while ECS cannot be asked.</summary>
public sealed class OutageTests
{
    private const string Silent = "ECS has not said how the rollout stands";

    [Fact]
    public async Task Half_an_hour_without_answers_is_told_early_and_every_five_minutes()
    {
        var lines = await LinesAsync("ECS cannot be asked any more");

        Assert.InRange(lines.Count(line => line.Contains(Silent, StringComparison.Ordinal)), 6, 7);
        Assert.Contains(lines, line => line.StartsWith("web: for 4 seconds ECS has not said", StringComparison.Ordinal) && line.Contains("Service unavailable.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_end_of_an_outage_is_told_too()
    {
        var lines = await LinesAsync("two minutes of server errors in between");

        Assert.Single(lines, line => line.Contains(Silent, StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("web: ECS answers again after 12", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_single_failed_read_is_not_worth_a_line() =>
        Assert.DoesNotContain(await LinesAsync("one read of the service deployment fails"), line => line.Contains(Silent, StringComparison.Ordinal) || line.Contains("answers again", StringComparison.Ordinal));

    private static async Task<List<string>> LinesAsync(string scenario) =>
        (await Play.OursAsync(Scenarios.All.Single(item => item.Name == scenario), TestContext.Current.CancellationToken)).Lines.All;
}
