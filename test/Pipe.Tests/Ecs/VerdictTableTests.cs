using System.Globalization;
using System.Text.Json.Nodes;
using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>The scenario table: every timeline, what is true of it, and what the pipe and three peers say. <c>test/bench/verdicts.sh</c> prints it.</summary>
public sealed class VerdictTableTests
{
    private static readonly (string Name, Func<Scenario, PeerAnswer> Ask)[] Others =
        [("ServicesStable", Peers.ServicesStable), ("GitHub action", Peers.GitHubAction), ("ecspresso", Peers.Ecspresso)];

    [Fact]
    public async Task Ours_is_right_in_every_row_and_each_peer_is_wrong_in_several()
    {
        var rows = new JsonArray();
        var delays = new Dictionary<string, List<double>> { ["ours"] = [] };
        var right = new Dictionary<string, int> { ["ours"] = 0 };
        foreach (var scenario in Scenarios.All)
        {
            var played = await Play.OursAsync(scenario, TestContext.Current.CancellationToken);
            var row = Row(scenario, played);
            Count("ours", played.Outcome.Verdict.Words == scenario.Truth && played.Outcome.Verdict.ExitCode == scenario.ExitCode, played.KnownAt, scenario);
            foreach (var (name, ask) in Others)
            {
                var answer = ask(scenario);
                row[name] = new JsonObject { ["says"] = answer.Says, ["at"] = Math.Round(answer.At, 1), ["right"] = answer.IsRight(scenario) };
                Count(name, answer.IsRight(scenario), answer.At, scenario);
            }

            rows.Add((JsonNode)row);
        }

        await WriteAsync(rows, right, delays);
        Assert.True(rows.Count >= 50);
        Assert.Equal(rows.Count, right["ours"]);
        Assert.InRange(Median(delays["ours"]), 0, 2);
        Assert.All(Others, peer => Assert.True(rows.Count - right[peer.Name] >= 5, $"{peer.Name} is wrong in too few rows to be worth a table"));

        void Count(string name, bool isRight, double at, Scenario scenario)
        {
            right[name] = right.GetValueOrDefault(name) + (isRight ? 1 : 0);
            if (isRight && scenario.DecidedAt is { } decided)
            {
                (delays.TryGetValue(name, out var list) ? list : delays[name] = []).Add(at - decided);
            }
        }
    }

    private static JsonObject Row(Scenario scenario, Played played) => new()
    {
        ["scenario"] = scenario.Name,
        ["source"] = scenario.Source,
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

    private static async Task WriteAsync(JsonArray rows, Dictionary<string, int> right, Dictionary<string, List<double>> delays)
    {
        if (Environment.GetEnvironmentVariable("VERDICTS") is not { Length: > 0 } path)
        {
            return;
        }

        var summary = new JsonObject();
        foreach (var (name, count) in right)
        {
            summary[name] = new JsonObject
            {
                ["right"] = count,
                ["of"] = rows.Count,
                ["delayMedian"] = Math.Round(Median(delays[name]), 1),
                ["delayWorst"] = Math.Round(delays[name].Max(), 1),
            };
        }

        var text = new JsonObject { ["summary"] = summary, ["rows"] = rows }.ToJsonString();
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"no values of {values.Count}")) : sorted[sorted.Count / 2];
    }
}
