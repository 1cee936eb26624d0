using System.Text.Json.Nodes;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Sandbox.Ecs.Engine;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>Rollouts whose turns the scenario table only scripts, lived through in the sandbox's ECS.</summary>
public sealed class SandboxRolloutTests
{
    private const string Smoke = "arn:aws:lambda:eu-west-1:222222222222:function:smoke";

    /// <summary>What autoscaling wants, one after the other.</summary>
    private static readonly int[] Counts = [4, 6, 5, 8, 3];

    [Fact]
    public async Task A_lifecycle_hook_that_fails_rolls_back_and_is_named()
    {
        await using var bench = await RolloutBench.StartAsync();
        bench.Sandbox.Ecs.Functions.Set(Smoke, new HookBehaviour(Succeeds: false) { After = TimeSpan.FromSeconds(20) });
        await bench.ConfigureAsync($$"""
            {"strategy":"BLUE_GREEN","bakeTimeInMinutes":1,"lifecycleHooks":[{"hookTargetArn":"{{Smoke}}","roleArn":"arn:aws:iam::222222222222:role/task","lifecycleStages":["POST_SCALE_UP"]}]}
            """);

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.RolledBack>(outcome.Verdict);
        Assert.Equal(Serving.Old, outcome.Verdict.Serving);
        Assert.Equal($"Lifecycle hook {Smoke} failed.", outcome.Verdict.Reasons[0]);
    }

    [Theory]
    [InlineData("""{"type":"COUNT","value":1}""", "The circuit breaker counted 1 of 1 failures.")]
    [InlineData("""{"type":"COUNT","value":4}""", "The circuit breaker counted 4 of 4 failures.")]
    public async Task A_threshold_of_the_services_own_is_what_is_counted_to(string threshold, string says)
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.ConfigureAsync($$"""{"deploymentCircuitBreaker":{"enable":true,"rollback":true,"thresholdConfiguration":{{threshold}}} }""");
        bench.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 1 }) { Image = "shop:1" });

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.RolledBack>(outcome.Verdict);
        Assert.Contains(says, outcome.Verdict.Reasons);
    }

    [Fact]
    public async Task A_count_that_autoscaling_moves_under_the_rollout_changes_no_verdict_and_is_left_alone()
    {
        await using var bench = await RolloutBench.StartAsync();

        Task<RolloutOutcome> rolling;
        using (bench.Clock.Hold())
        {
            rolling = bench.RollAsync("1");
            _ = ScaleAsync(bench);
        }

        Assert.IsType<Verdict.Succeeded>((await rolling).Verdict);
        Assert.Contains((await bench.ServiceAsync()).DesiredCount, Counts);
        Assert.Single(bench.Sent, call => call.Operation == "UpdateService" && !call.Input.ContainsKey("desiredCount"));
    }

    [Fact]
    public async Task A_stop_from_the_console_is_seen_as_what_it_is()
    {
        await using var bench = await RolloutBench.StartAsync();

        Task<RolloutOutcome> rolling;
        using (bench.Clock.Hold())
        {
            rolling = bench.RollAsync("1");
            _ = StopAsync(bench);
        }

        var outcome = await rolling;

        Assert.IsType<Verdict.RolledBack>(outcome.Verdict);
        Assert.Equal("ECS said: Service deployment rolled back because it was stopped by a user.", outcome.Verdict.Reasons[0]);
    }

    [Fact]
    public async Task The_first_deployment_over_a_placeholder_that_never_ran_succeeds()
    {
        await using var bench = await StartOverPlaceholderAsync();

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.Succeeded>(outcome.Verdict);
        Assert.Equal(Serving.New, outcome.Verdict.Serving);
    }

    [Fact]
    public async Task Over_a_placeholder_that_never_ran_there_is_nothing_to_roll_back_to()
    {
        await using var bench = await StartOverPlaceholderAsync();
        bench.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 134 }) { Image = "shop:1" });

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.FailedNotRolledBack>(outcome.Verdict);
        Assert.StartsWith("Container shop exited with 134", outcome.Verdict.Reasons[0], StringComparison.Ordinal);
        Assert.Contains("ECS said: No rollback candidate was found to run the rollback.", outcome.Verdict.Reasons);
        Assert.Equal(Serving.Nothing, outcome.Verdict.Serving);
    }

    [Theory]
    [InlineData("""{"strategy":"BLUE_GREEN","bakeTimeInMinutes":1,"deploymentCircuitBreaker":{"enable":false,"rollback":false} }""", "\"shop\" deploys by \"BLUE_GREEN\" and has no alarms")]
    [InlineData("""{"deploymentCircuitBreaker":{"enable":false,"rollback":false} }""", "\"shop\" has neither a deployment circuit breaker nor alarms")]
    [InlineData("""{"strategy":"BLUE_GREEN","bakeTimeInMinutes":1,"alarms":{"alarmNames":["5xx"],"enable":true,"rollback":true} }""", null)]
    public async Task A_service_that_nothing_guards_is_warned_about(string configuration, string? says)
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.ConfigureAsync(configuration);

        await bench.Planner.PlanAsync([new ServiceSettings { Cluster = "dev", Name = "shop" }], null, RolloutBench.Token);

        var warnings = bench.Lines.Where(line => line.Contains("the pipe judges by", StringComparison.Ordinal)).ToList();
        Assert.Equal(says is null ? 0 : 1, warnings.Count);
        Assert.All(warnings, line => Assert.Contains(says!, line, StringComparison.Ordinal));
    }

    private static Task<RolloutBench> StartOverPlaceholderAsync() => RolloutBench.StartAsync(options => options with
    {
        World = options.World with
        {
            Clusters = [.. options.World.Clusters.Select(cluster => cluster with
            {
                Services = [.. cluster.Services.Select(seed => seed with
                {
                    TaskDefinition = seed.TaskDefinition.Replace("public.ecr.aws/nginx/nginx:latest", $"{RolloutBench.Repository}:never-pushed", StringComparison.Ordinal),
                })],
            })],
        },
    });

    private static async Task ScaleAsync(RolloutBench bench)
    {
        using var participant = bench.Clock.Enter("autoscaling");
        foreach (var count in Counts)
        {
            await Task.Delay(TimeSpan.FromSeconds(15), bench.Clock, RolloutBench.Token);
            await bench.Ecs.UpdateServiceAsync(new JsonObject { ["cluster"] = "dev", ["service"] = "shop", ["desiredCount"] = count }, RolloutBench.Token);
        }
    }

    private static async Task StopAsync(RolloutBench bench)
    {
        using var participant = bench.Clock.Enter("console");
        await Task.Delay(TimeSpan.FromSeconds(20), bench.Clock, RolloutBench.Token);
        var latest = (await bench.Ecs.ListServiceDeploymentsAsync(await bench.ServiceAsync(), 1, RolloutBench.Token))[0];
        await bench.Ecs.ChangeAsync("StopServiceDeployment", new JsonObject { ["serviceDeploymentArn"] = latest.Arn }, RolloutBench.Token);
    }
}
