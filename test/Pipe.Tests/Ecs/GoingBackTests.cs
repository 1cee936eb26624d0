using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Sandbox.Ecs.Engine;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>Rollback, stop and continue against the sandbox's ECS.</summary>
public sealed class GoingBackTests
{
    private const string Unguarded = """{"deploymentCircuitBreaker":{"enable":false,"rollback":false},"maximumPercent":200,"minimumHealthyPercent":100}""";

    private const string PauseAtStart = """
        {"strategy":"BLUE_GREEN","bakeTimeInMinutes":1,"lifecycleHooks":[{"targetType":"PAUSE","lifecycleStages":["PRE_SCALE_UP"],"timeoutConfiguration":{"timeoutInMinutes":60}}]}
        """;

    [Fact]
    public async Task Without_a_breaker_the_pipe_judges_and_ecs_takes_it_back()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");
        await bench.ConfigureAsync(Unguarded);
        Crash(bench, "shop:2");

        var outcome = await bench.RollAsync("2");

        Assert.IsType<Verdict.RolledBack>(outcome.Verdict);
        Assert.Equal("shop:2", TaskDefinition.ShortName((await bench.ServiceAsync()).TaskDefinition));
        Assert.Contains("exited with 1", outcome.Verdict.Reasons[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BLUE_GREEN")]
    [InlineData("LINEAR")]
    [InlineData("CANARY")]
    public async Task A_green_that_crashes_is_judged_and_taken_back_where_nothing_makes_ecs_decide(string strategy)
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");
        await bench.ConfigureAsync($$"""{"strategy":"{{strategy}}","bakeTimeInMinutes":1,"deploymentCircuitBreaker":{"enable":false,"rollback":false} }""");
        Crash(bench, "shop:2");

        var outcome = await bench.RollAsync("2");

        Assert.IsType<Verdict.RolledBack>(outcome.Verdict);
        Assert.Equal("shop:2", TaskDefinition.ShortName((await bench.ServiceAsync()).TaskDefinition));
        Assert.Contains("exited with 1", outcome.Verdict.Reasons[0], StringComparison.Ordinal);
        Assert.True(outcome.Duration < TimeSpan.FromMinutes(5), $"{outcome.Duration}");
    }

    [Fact]
    public async Task Rollbacks_go_further_back_and_never_forth()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");
        await bench.RollAsync("2");

        Assert.Equal("shop:2", (await FindAsync(bench, null)).Definition.Name);
        await RollBackAsync(bench, null);
        Assert.Equal("shop:2", TaskDefinition.ShortName((await bench.ServiceAsync()).TaskDefinition));

        var next = await Assert.ThrowsAsync<EcsSettingsException>(() => FindAsync(bench, "shop-3"));
        Assert.DoesNotContain("shop:3", next.Message[next.Message.IndexOf("It can be", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop:2")]
    [InlineData("12")]
    [InlineData("abcdefabcdef")]
    public async Task A_way_back_is_named_by_revision_build_or_commit(string wish)
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");
        await bench.RollAsync("2");

        var target = await FindAsync(bench, wish);

        Assert.Equal("shop:2", target.Definition.Name);
        Assert.Contains(target.Differences, line => line.Contains("shop: image", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deregistered_revision_is_registered_again_and_says_what_it_restores()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");
        await bench.RollAsync("2");
        await bench.Ecs.ChangeAsync("DeregisterTaskDefinition", new() { ["taskDefinition"] = "shop:2" }, RolloutBench.Token);

        var outcome = await RollBackAsync(bench, null);

        Assert.IsType<Verdict.Succeeded>(outcome.Verdict);
        var restored = await bench.Ecs.DescribeTaskDefinitionAsync("shop:4", RolloutBench.Token);
        Assert.Equal("shop:2", restored.Tag(RollbackFinder.RestoresTag));
        Assert.DoesNotContain(await (await FinderAsync(bench, bench.Ecs)).ListAsync(RolloutBench.Token).ToListAsync(RolloutBench.Token), target => target.Definition.Name is "shop:3" or "shop:2");
    }

    [Fact]
    public async Task A_paused_rollout_is_a_verdict_and_goes_on_when_told()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.ConfigureAsync(PauseAtStart);

        var paused = await bench.RollAsync("1");
        using var participant = bench.Clock.Enter("pipe");
        var ended = await Control(bench).ContinueAsync(await bench.ServiceAsync(), RolloutBench.Token);

        Assert.IsType<Verdict.Paused>(paused.Verdict);
        Assert.IsType<Verdict.Succeeded>(ended!.Verdict);
        Assert.Null(await Control(bench).ContinueAsync(await bench.ServiceAsync(), RolloutBench.Token));
    }

    [Fact]
    public async Task A_running_rollout_is_stopped_and_seen_taken_back()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1", new RolloutSettings { Wait = false });
        using var participant = bench.Clock.Enter("pipe");
        await Task.Delay(TimeSpan.FromSeconds(10), bench.Clock, RolloutBench.Token);

        var outcome = await Control(bench).StopAsync(await bench.ServiceAsync(), RolloutBench.Token);

        Assert.IsType<Verdict.RolledBack>(outcome!.Verdict);
        Assert.Equal("shop:1", TaskDefinition.ShortName((await bench.ServiceAsync()).TaskDefinition));
        Assert.Null(await Control(bench).StopAsync(await bench.ServiceAsync(), RolloutBench.Token));
    }

    [Fact]
    public async Task The_status_says_what_runs_and_what_one_can_go_back_to()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");
        await bench.RollAsync("2");

        var past = await ServicePast.OfAsync(bench.Ecs, await bench.ServiceAsync(), RolloutBench.Token);
        var status = await ServiceStatus.ReadAsync(bench.Ecs, past, new RollbackFinder(past), RolloutBench.Token);

        Assert.Equal(("shop:3", Some.Stamps["commit"], "12"), (status.Definition.Name, status.Definition.Commit, status.Definition.Build));
        Assert.Equal("SUCCESSFUL", status.LastRollout!.Status);
        Assert.Equal("shop:2", status.WaysBack[0].Definition.Name);
    }

    [Fact]
    public async Task The_status_counts_from_when_the_serving_version_became_steady_and_not_from_a_rollout_that_was_rolled_back()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");
        var steady = bench.Clock.GetUtcNow();
        bench.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 1 }) { Image = "shop:2" });
        await bench.RollAsync("2");

        var past = await ServicePast.OfAsync(bench.Ecs, await bench.ServiceAsync(), RolloutBench.Token);
        var status = await ServiceStatus.ReadAsync(bench.Ecs, past, new RollbackFinder(past), RolloutBench.Token);

        Assert.Equal(("shop:2", "ROLLBACK_SUCCESSFUL"), (status.Definition.Name, status.LastRollout!.Status));
        Assert.InRange(status.Since!.Value, steady - TimeSpan.FromSeconds(10), steady);
    }

    [Fact]
    public async Task A_revision_that_was_deleted_is_left_out_and_only_what_is_asked_for_is_described()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");
        await bench.RollAsync("2");
        await bench.RollAsync("1", service: new ServiceSettings { Cluster = "dev", Name = "shop", SetEnvironment = [new("A", "1")] });
        var described = new List<string>();
        var ecs = new EcsClient(Answer, Answer, new CallBudget(bench.Clock));

        var target = await (await FinderAsync(bench, ecs)).FindAsync(null, RolloutBench.Token);

        Assert.Equal("shop:2", target.Definition.Name);
        Assert.Equal(["shop:4", "shop:3", "shop:2"], described);

        Task<JsonObject> Answer(string operation, JsonObject input, CancellationToken token)
        {
            if (operation == "DescribeTaskDefinition")
            {
                described.Add(TaskDefinition.ShortName((string)input["taskDefinition"]!));
            }

            return operation == "DescribeTaskDefinition" && described[^1] == "shop:3"
                ? throw AwsException.From(new AwsFailure { Call = new AwsCall("ecs", operation, "eu-west-1", "deploy"), Kind = AwsFailureKind.Rejected, Code = "ClientException", Message = "Unable to describe task definition." }, null)
                : bench.Ecs.ReadAsync(operation, input, token);
        }
    }

    [Fact]
    public async Task Where_the_history_begins_with_what_runs_its_own_deployment_says_what_it_took_the_place_of()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");
        await bench.RollAsync("2");
        var ecs = new EcsClient(Forgetful, Forgetful, new CallBudget(bench.Clock));

        var target = await (await FinderAsync(bench, ecs)).FindAsync(null, RolloutBench.Token);

        Assert.Equal("shop:2", target.Definition.Name);

        async Task<JsonObject> Forgetful(string operation, JsonObject input, CancellationToken token)
        {
            var answer = await bench.Ecs.ReadAsync(operation, input, token);
            return operation == "ListServiceDeployments" ? new JsonObject { ["serviceDeployments"] = new JsonArray(answer["serviceDeployments"]![0]!.DeepClone()) } : answer;
        }
    }

    private static RolloutControl Control(RolloutBench bench) => new(bench.Ecs, new RolloutSettings(), bench.Clock, bench.Log);

    private static void Crash(RolloutBench bench, string image) =>
        bench.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(2), ExitCode = 1 }) { Image = image });

    private static async Task<RollbackTarget> FindAsync(RolloutBench bench, string? wish) =>
        await (await FinderAsync(bench, bench.Ecs)).FindAsync(wish, RolloutBench.Token);

    private static async Task<RollbackFinder> FinderAsync(RolloutBench bench, EcsClient ecs) =>
        new(await ServicePast.OfAsync(ecs, await bench.ServiceAsync(), RolloutBench.Token));

    private static async Task<RolloutOutcome> RollBackAsync(RolloutBench bench, string? wish)
    {
        using var participant = bench.Clock.Enter("pipe");
        var definition = await bench.Definitions.RegisterAsync((await FindAsync(bench, wish)).Change(), RolloutBench.Token);
        var request = new RolloutRequest { Service = await bench.ServiceAsync(), TaskDefinition = definition.Arn };
        var rollout = new Rollout(bench.Ecs, new RolloutSettings(), bench.Clock, bench.Log);
        return await rollout.CarryOutAsync(request, await rollout.DecideAsync(request, RolloutBench.Token), RolloutBench.Token);
    }
}
