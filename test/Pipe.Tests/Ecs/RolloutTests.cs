using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>The pipe's ECS half against the sandbox's ECS over HTTP.</summary>
public sealed class RolloutTests
{
    [Fact]
    public async Task A_new_image_is_rolled_once_and_seen_to_its_end()
    {
        await using var bench = await RolloutBench.StartAsync();

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.Succeeded>(outcome.Verdict);
        Assert.Equal(Serving.New, outcome.Verdict.Serving);
        Assert.Equal(("shop:1", "shop:2"), (outcome.Before, outcome.After));
        Assert.NotNull(outcome.ServiceDeployment);
        Assert.Equal(1, bench.Calls("UpdateService"));
    }

    [Fact]
    public async Task The_same_again_is_nothing_to_do_and_registers_nothing()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.NothingToDo>(outcome.Verdict);
        Assert.Equal(1, bench.Calls("RegisterTaskDefinition"));
        Assert.Equal(1, bench.Calls("UpdateService"));
    }

    [Fact]
    public async Task A_version_that_crashes_is_rolled_back_with_its_exit_code_as_the_reason()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1");
        bench.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 139, Output = ["starting", "Unhandled exception: no database"] }) { Image = "shop:2" });

        var outcome = await bench.RollAsync("2");

        Assert.IsType<Verdict.RolledBack>(outcome.Verdict);
        Assert.Contains("exited with 139", outcome.Verdict.Reasons[0], StringComparison.Ordinal);
        Assert.Contains(outcome.Verdict.Reasons, line => line.StartsWith("The circuit breaker counted 3 of 3", StringComparison.Ordinal));
        Assert.Contains("The old version serves (shop:2)", outcome.LastLine, StringComparison.Ordinal);
        Assert.Equal(["shop: starting", "shop: Unhandled exception: no database"], outcome.ContainerLog);
    }

    [Fact]
    public async Task A_missing_repository_policy_is_named_as_the_cause()
    {
        await using var bench = await RolloutBench.StartAsync(options => options with
        {
            World = options.World with { Repositories = [options.World.Repositories[0] with { Policy = null }] },
        });

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.RolledBack>(outcome.Verdict);
        Assert.Contains("repository's policy", outcome.Verdict.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_pipeline_supersedes_and_both_tell_the_truth()
    {
        await using var bench = await RolloutBench.StartAsync();

        Task<RolloutOutcome> first;
        Task<RolloutOutcome> second;
        using (bench.Clock.Hold())
        {
            first = bench.RollAsync("1");
            second = bench.RollAsync("2", after: TimeSpan.FromSeconds(20));
        }

        Assert.IsType<Verdict.Superseded>((await first).Verdict);
        Assert.IsType<Verdict.Succeeded>((await second).Verdict);
    }

    [Fact]
    public async Task Reads_that_lag_and_pages_of_two_change_no_verdict()
    {
        await using var bench = await RolloutBench.StartAsync(options => options with
        {
            Ecs = options.Ecs with { ReadLag = TimeSpan.FromSeconds(5), PageLimit = 2 },
        });

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.Succeeded>(outcome.Verdict);
    }

    [Theory]
    [InlineData("""{"strategy":"BLUE_GREEN","bakeTimeInMinutes":2}""", "stage BAKE_TIME")]
    [InlineData("""{"strategy":"CANARY","canaryConfiguration":{"canaryPercent":10,"canaryBakeTimeInMinutes":3} }""", "10 % of the traffic to the new")]
    [InlineData("""{"strategy":"LINEAR","linearConfiguration":{"stepPercent":50,"stepBakeTimeInMinutes":1} }""", "50 % of the traffic to the new")]
    public async Task A_shifting_deployment_is_followed_through_its_stages(string configuration, string line)
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.ConfigureAsync(configuration);

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.Succeeded>(outcome.Verdict);
        Assert.Contains(bench.Lines, text => text.Contains(line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_alarm_while_baking_rolls_back_and_is_named()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.ConfigureAsync("""{"strategy":"BLUE_GREEN","bakeTimeInMinutes":10,"alarms":{"alarmNames":["too-many-5xx"],"enable":true,"rollback":true} }""");

        Task<RolloutOutcome> rolling;
        using (bench.Clock.Hold())
        {
            rolling = bench.RollAsync("1");
            _ = AlarmAsync(bench);
        }

        var outcome = await rolling;

        Assert.IsType<Verdict.RolledBack>(outcome.Verdict);
        Assert.Equal("Alarm too-many-5xx went off: what it watches became worse with the new version.", outcome.Verdict.Reasons[0]);
    }

    [Fact]
    public async Task A_lost_answer_to_the_update_starts_no_second_rollout()
    {
        await using var bench = await RolloutBench.StartAsync(options => options with
        {
            Faults = new FaultPlan(new FaultRule { On = "ecs:UpdateService", Kind = FaultKind.ResetAfter }),
        });

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.Succeeded>(outcome.Verdict);
        Assert.Equal(1, bench.Calls("UpdateService"));
        Assert.Equal(2, (await bench.Ecs.ListServiceDeploymentsAsync(await bench.ServiceAsync(), 10, RolloutBench.Token)).Count);
    }

    [Fact]
    public async Task A_cancelled_step_asks_ecs_to_take_the_rollout_back_where_that_is_wanted()
    {
        await using var bench = await RolloutBench.StartAsync();
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(30), bench.Clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => bench.RollAsync("1", new RolloutSettings { OnCancel = AfterTrouble.Rollback }, token: cancel.Token));

        Assert.Equal(1, bench.Calls("StopServiceDeployment"));
    }

    [Fact]
    public async Task A_killed_run_leaves_a_rollout_that_the_next_run_adopts()
    {
        await using var bench = await RolloutBench.StartAsync();
        await bench.RollAsync("1", new RolloutSettings { Wait = false });

        var outcome = await bench.RollAsync("1");

        Assert.IsType<Verdict.Succeeded>(outcome.Verdict);
        Assert.Equal(1, bench.Calls("RegisterTaskDefinition"));
        Assert.Equal(1, bench.Calls("UpdateService"));
        Assert.Contains(bench.Lines, line => line.Contains("following it", StringComparison.Ordinal));
    }

    private static async Task AlarmAsync(RolloutBench bench)
    {
        using var participant = bench.Clock.Enter("alarm");
        await Task.Delay(TimeSpan.FromMinutes(4), bench.Clock, RolloutBench.Token);
        bench.Sandbox.Ecs.SetAlarm(DefaultWorld.Dev, "too-many-5xx");
    }
}
