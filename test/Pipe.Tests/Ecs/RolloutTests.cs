using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Sandbox.Ecs.Engine;
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
}
