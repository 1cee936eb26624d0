using System.Globalization;
using System.Text.Json.Nodes;
using EcsDeploy.Deployment;
using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>
/// Two hundred services of forty task definitions in one run: from the look at them to the last verdict, on the virtual clock, against ECS's documented
/// buckets. <c>test/bench/verdicts.sh</c> prints the figures.
/// </summary>
public sealed class FanOutTests(ITestOutputHelper output)
{
    private const int Services = 200;
    private const int Families = 40;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_services_of_forty_definitions_are_rolled_within_the_buckets_and_judged_at_once()
    {
        await using var bench = await StartAsync();

        var (outcomes, wall) = await RollAsync(bench);

        var figures = await FiguresAsync(bench, outcomes, wall);
        output.WriteLine(figures.ToJsonString());
        await VerdictFigures.KeepAsync("fanOut", figures);
        Assert.All(outcomes, outcome => Assert.IsType<Verdict.Succeeded>(outcome.Verdict));
        Assert.Equal((Services, Families), (outcomes.Count, (int)figures["registers"]!));
        Assert.Equal(0, (int)figures["throttled"]!);
        Assert.Equal(10, (int)figures["describedTogetherMedian"]!);
        Assert.InRange((double)figures["describedTogetherMean"]!, 8, 10);
        Assert.InRange((double)figures["delayMedian"]!, 0, 2);
        Assert.InRange((double)figures["delayWorst"]!, 0, 10);
    }

    [Fact]
    public async Task Where_all_of_them_crash_every_verdict_comes_at_once_and_with_its_reason()
    {
        await using var bench = await StartAsync();
        bench.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 139 }) { Image = "shop@" });

        var (outcomes, wall) = await RollAsync(bench);

        var figures = await FiguresAsync(bench, outcomes, wall);
        output.WriteLine(figures.ToJsonString());
        await VerdictFigures.KeepAsync("fanOutCrashing", figures);
        Assert.All(outcomes, outcome => Assert.IsType<Verdict.RolledBack>(outcome.Verdict));
        Assert.All(outcomes, outcome => Assert.Contains("exited with 139", outcome.Verdict.Reasons[0], StringComparison.Ordinal));
        Assert.Equal(0, (int)figures["throttled"]!);
        Assert.InRange((double)figures["delayMedian"]!, 0, 2);
    }

    [Fact]
    public async Task Where_nothing_guards_them_the_pipe_judges_all_of_them_within_the_buckets()
    {
        await using var bench = await StartAsync(guarded: false);
        bench.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(2), ExitCode = 134 }) { Image = "shop@" });

        var (outcomes, wall) = await RollAsync(bench);

        var figures = await FiguresAsync(bench, outcomes, wall);
        output.WriteLine(figures.ToJsonString());
        Assert.All(outcomes, outcome => Assert.IsType<Verdict.RolledBack>(outcome.Verdict));
        Assert.All(outcomes, outcome => Assert.Contains("exited with 134", outcome.Verdict.Reasons[0], StringComparison.Ordinal));
        Assert.Equal(0, (int)figures["throttled"]!);
    }

    private static Task<RolloutBench> StartAsync(bool guarded = true) => RolloutBench.StartAsync(options => options with
    {
        // What a region's endpoint takes from nearby: calls that come together are still apart in time.
        Faults = new FaultPlan(new FaultRule { On = "ecs:*", Kind = FaultKind.Slow, Count = null, Duration = TimeSpan.FromMilliseconds(40) }),
        World = options.World with { Clusters = [.. options.World.Clusters.Select(cluster => cluster.Name == "dev" ? cluster with { Services = Wide(cluster.Services[0], guarded) } : cluster)] },
    });

    private static IReadOnlyList<ServiceSeed> Wide(ServiceSeed seed, bool guarded) => [.. Enumerable.Range(0, Services).Select(i => new ServiceSeed
    {
        TaskDefinition = seed.TaskDefinition.Replace("\"family\":\"shop\"", $"\"family\":\"family-{i % Families}\"", StringComparison.Ordinal),
        Service = seed.Service.Replace("\"serviceName\":\"shop\"", $"\"serviceName\":\"{Name(i)}\"", StringComparison.Ordinal)
            .Replace("\"enable\":true", guarded ? "\"enable\":true" : "\"enable\":false", StringComparison.Ordinal),
    })];

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"service-{number}");

    private static async Task<(IReadOnlyList<RolloutOutcome> Outcomes, TimeSpan Wall)> RollAsync(RolloutBench bench)
    {
        using var participant = bench.Clock.Enter("pipe");
        var began = bench.Clock.Elapsed;
        var planner = bench.Planner;
        var bitbucket = new BitbucketContext { Commit = "abcdef", BuildNumber = "12", CloneDirectory = "/" };
        var steps = new OneOffSteps(new OneOffTasks(bench.Ecs, bench.Definitions, bench.Logs, bench.Clock, bench.Log), bitbucket, bench.Log);
        var rollout = new Rollout(bench.Ecs, new RolloutSettings(), bench.Clock, bench.Log, bench.Logs);
        var roller = new ServiceRoller(bench.Definitions, rollout, steps, bitbucket, bench.Log);
        var plans = await planner.PlanAsync([.. Enumerable.Range(0, Services).Select(i => new ServiceSettings { Cluster = "dev", Name = Name(i) })], null, Token);
        var outcomes = await roller.RollAsync(await planner.RefreshAsync(plans, null, Token), Image(bench), isOnRecord: false, Token);
        return (outcomes, bench.Clock.Elapsed - began);
    }

    private static PushedImage Image(RolloutBench bench) => new()
    {
        Repository = EcrRepository.TryParse(RolloutBench.Repository, out var repository) ? repository : throw new InvalidOperationException("no repository"),
        Digest = Digest.Parse(bench.Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Get("shop").Find("1")!.Digest),
    };

    private static async Task<JsonObject> FiguresAsync(RolloutBench bench, IReadOnlyList<RolloutOutcome> outcomes, TimeSpan wall)
    {
        var together = bench.Sent.Where(call => call.Operation == "DescribeServices").Select(call => call.Input["services"]!.AsArray().Count).Order().ToList();
        var calls = bench.Sent.GroupBy(call => call.Operation).OrderBy(group => group.Key, StringComparer.Ordinal);
        var throttled = bench.Sandbox.Requests.Count(request => request.ErrorCode == "ThrottlingException");
        var registers = bench.Calls("RegisterTaskDefinition");
        var delays = await DelaysAsync(bench, outcomes);
        return new JsonObject
        {
            ["services"] = outcomes.Count,
            ["registers"] = registers,
            ["describes"] = together.Count,
            ["describedTogetherMedian"] = together[together.Count / 2],
            ["describedTogetherMean"] = Math.Round(together.Average(), 1),
            ["throttled"] = throttled,
            ["delayMedian"] = Math.Round(delays[delays.Count / 2], 1),
            ["delayWorst"] = Math.Round(delays[^1], 1),
            ["wall"] = Math.Round(wall.TotalSeconds, 1),
            ["calls"] = new JsonObject(calls.Select(group => KeyValuePair.Create(group.Key, (JsonNode?)group.Count()))),
        };
    }

    /// <summary>From the moment when ECS could first answer how a rollout ends to the line that says it, in seconds, sorted.</summary>
    private static async Task<List<double>> DelaysAsync(RolloutBench bench, IReadOnlyList<RolloutOutcome> outcomes)
    {
        var decided = new Dictionary<string, double>();
        foreach (var some in outcomes.Select(outcome => outcome.ServiceDeployment!).Chunk(20))
        {
            var input = new JsonObject { ["serviceDeploymentArns"] = new JsonArray([.. some.Select(arn => (JsonNode)arn)]) };
            foreach (var deployment in (await bench.Ecs.ReadAsync("DescribeServiceDeployments", input, Token))["serviceDeployments"]!.AsArray())
            {
                decided[(string)deployment!["serviceDeploymentArn"]!] = (double)(deployment["rollback"]?["startedAt"] ?? deployment["finishedAt"])!;
            }
        }

        var told = bench.TimedLines
            .Where(line => line.Text.Contains(" ended: ", StringComparison.Ordinal) || line.Text.Contains("the rollout has failed", StringComparison.Ordinal))
            .GroupBy(line => line.Text.Split('"')[1])
            .ToDictionary(group => group.Key, group => group.Min(line => line.At));
        return [.. outcomes.Select(outcome => (told[outcome.Service].ToUnixTimeMilliseconds() / 1000.0) - decided[outcome.ServiceDeployment!]).Order()];
    }
}
