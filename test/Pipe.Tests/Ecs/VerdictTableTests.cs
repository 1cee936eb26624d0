using System.Globalization;
using System.Text.Json.Nodes;
using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>The scenario table: every timeline, what is true of it, and what the pipe and three peers say. <c>test/bench/verdicts.sh</c> prints it.</summary>
public sealed class VerdictTableTests
{
    public static TheoryData<string, string> Shown => [.. Scenarios.All.SelectMany(scenario => scenario.Shows.Select(mark => (scenario.Name, mark)))];

    [Fact]
    public async Task Ours_is_right_in_every_row_and_says_it_soon()
    {
        var rows = new JsonArray();
        var delays = new Dictionary<string, List<double>> { ["ours"] = [] };
        var right = new Dictionary<string, int> { ["ours"] = 0 };
        foreach (var scenario in Scenarios.All)
        {
            var played = await Play.OursAsync(scenario, TestContext.Current.CancellationToken);
            var row = Row(scenario, played);
            Count("ours", played.IsRight(scenario), played.KnownAt, scenario);
            foreach (var (name, ask) in Peers.All)
            {
                var answer = ask(scenario);
                row[name] = new JsonObject { ["says"] = answer.Says, ["at"] = Math.Round(answer.At, 1), ["right"] = answer.IsRight(scenario) };
                Count(name, answer.IsRight(scenario), answer.At, scenario);
            }

            rows.Add((JsonNode)row);
        }

        await VerdictFigures.KeepAsync("table", new JsonObject { ["summary"] = Summary(rows, right, delays), ["flaws"] = Flawed(), ["rows"] = rows });
        Assert.True(rows.Count >= 50);
        Assert.Equal(rows.Count, right["ours"]);
        Assert.InRange(Median(delays["ours"]), 0, 2);
        Assert.InRange(delays["ours"].Max(), 0, 12);

        void Count(string name, bool isRight, double at, Scenario scenario)
        {
            right[name] = right.GetValueOrDefault(name) + (isRight ? 1 : 0);
            if (isRight && scenario.DecidedAt is { } decided)
            {
                (delays.TryGetValue(name, out var list) ? list : delays[name] = []).Add(at - decided);
            }
        }
    }

    [Fact]
    public async Task A_rollout_that_nobody_saw_standing_is_told_by_ECSs_word_of_it()
    {
        var scenario = Scenarios.All.Single(item => item.Name == "rolled back between two looks");

        var played = await Play.OursAsync(scenario, TestContext.Current.CancellationToken);

        Assert.InRange(played.KnownAt - scenario.DecidedAt!.Value, 0, 4);
    }

    [Theory]
    [InlineData("the rollback failed too")]
    [InlineData("ECS's own rollback fails, and going back was asked for")]
    public async Task A_rollback_of_ECSs_own_that_fails_is_not_taken_for_a_strangers_rollout(string name)
    {
        var played = await Play.OursAsync(Scenarios.All.Single(item => item.Name == name), TestContext.Current.CancellationToken);

        Assert.Contains("ECS went back to web:1, and that failed too: 2 of 2 tasks run.", played.Outcome.Verdict.Reasons);
        Assert.DoesNotContain(played.Outcome.Verdict.Reasons, reason => reason.Contains("another deployment", StringComparison.Ordinal));
        Assert.DoesNotContain(played.Lines.All, line => line.Contains("going back", StringComparison.Ordinal));
        Assert.EndsWith("ECS's own rollback failed too: mend what the reasons name first, then ACTION=rollback with ROLLBACK_TO=web:1.", played.Outcome.LastLine, StringComparison.Ordinal);
        Assert.Equal(1, played.Wire.Updates);
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public async Task A_row_shows_the_flaw_that_it_names(string name, string mark)
    {
        var scenario = Scenarios.All.Single(item => item.Name == name);
        var flaw = Flaws.All.Single(item => item.Mark == mark);
        var answer = Ask(flaw, scenario);

        switch (flaw.Kind)
        {
            case FlawKind.Verdict:
                Assert.False(answer.IsRight(scenario), $"{flaw.Peer} is right: {answer}");
                break;
            case FlawKind.Cause:
                Assert.False(answer.Explains(scenario), $"{flaw.Peer} says why: {answer}");
                break;
            case FlawKind.Silence:
                Assert.False(answer.Prints);
                Assert.True((await Play.OursAsync(scenario, TestContext.Current.CancellationToken)).Lines.BeforeVerdict > 0);
                break;
            default:
                var others = Scenarios.All.Where(item => item.Shows.Contains(mark)).ToList();
                Assert.Equal(3, others.Select(item => item.Truth).Distinct().Count());
                Assert.Single(others.Select(item => Ask(flaw, item).Says).Distinct());
                break;
        }
    }

    [Fact]
    public void Every_flaw_has_a_row_or_a_reason_why_it_can_have_none()
    {
        var shown = Scenarios.All.SelectMany(scenario => scenario.Shows).ToHashSet();

        Assert.All(Flaws.All, flaw => Assert.NotEqual(flaw.Note is not null, shown.Contains(flaw.Mark)));
    }

    private static PeerAnswer Ask(Flaw flaw, Scenario scenario) => Peers.All.Single(peer => peer.Name == flaw.Peer).Ask(scenario);

    private static JsonObject Row(Scenario scenario, Played played) => new()
    {
        ["scenario"] = scenario.Name,
        ["source"] = scenario.Source,
        ["shows"] = new JsonArray([.. scenario.Shows.Select(mark => (JsonNode)mark)]),
        ["truth"] = scenario.Truth,
        ["decidedAt"] = scenario.DecidedAt,
        ["ours"] = new JsonObject
        {
            ["verdict"] = played.Outcome.Verdict.Words,
            ["exitCode"] = (int)played.Outcome.Verdict.ExitCode,
            ["reason"] = played.Outcome.Verdict.Reasons.Count > 0 ? played.Outcome.Verdict.Reasons[0] : null,
            ["at"] = Math.Round(played.KnownAt, 1),
        },
    };

    private static JsonArray Flawed() => [.. Flaws.All.Select(flaw => new JsonObject
    {
        ["flaw"] = flaw.Mark,
        ["peer"] = flaw.Peer,
        ["what"] = flaw.What,
        ["rows"] = new JsonArray([.. Scenarios.All.Where(scenario => scenario.Shows.Contains(flaw.Mark)).Select(scenario => (JsonNode)scenario.Name)]),
        ["note"] = flaw.Note,
    })];

    private static JsonObject Summary(JsonArray rows, Dictionary<string, int> right, Dictionary<string, List<double>> delays) =>
        new(right.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonObject
        {
            ["right"] = pair.Value,
            ["of"] = rows.Count,
            ["delayMedian"] = Math.Round(Median(delays[pair.Key]), 1),
            ["delayWorst"] = Math.Round(delays[pair.Key].Max(), 1),
        })));

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"no values of {values.Count}")) : sorted[sorted.Count / 2];
    }
}
