using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>One-off tasks against the sandbox's ECS: when they run, and what their end means.</summary>
public sealed class OneOffTests
{
    [Fact]
    public async Task The_exit_code_decides_and_the_log_is_streamed()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, 0, "migrated 3 tables");

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        Assert.True(outcome.Succeeded);
        Assert.Equal(0, outcome.ContainerExitCode);
        Assert.Contains(bench.Lines, line => line.Contains("migrated 3 tables", StringComparison.Ordinal));
        Assert.Contains(bench.Lines, line => line.Contains("(the image's entry point) dotnet Shop.dll 'migrate all'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_task_says_why()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, 134);

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        Assert.False(outcome.Succeeded);
        Assert.Equal(134, outcome.ContainerExitCode);
        Assert.Contains("nobody caught", outcome.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_vanished_has_failed()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, TimeSpan.FromMinutes(5), 0);
        var ecs = new EcsClient(Forgetful, Forgetful, new CallBudget(bench.Clock));

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate, ecs: ecs);

        Assert.False(outcome.Succeeded);
        Assert.Contains("is not there any more", Assert.Single(outcome.Reasons), StringComparison.Ordinal);

        Task<JsonObject> Forgetful(string operation, JsonObject input, CancellationToken token) =>
            operation == "DescribeTasks" ? Task.FromResult(new JsonObject { ["tasks"] = new JsonArray() }) : bench.Ecs.ReadAsync(operation, input, token);
    }

    [Fact]
    public async Task What_succeeded_is_not_run_again_by_the_next_run()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, 0);
        await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        Assert.True(outcome.Succeeded);
        Assert.Equal(1, bench.Calls("RunTask"));
    }

    [Fact]
    public async Task What_failed_is_run_again()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, 1);
        await OneOffBench.RunAsync(bench, OneOffBench.Migrate);
        OneOffBench.Behave(bench, 0);

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        Assert.True(outcome.Succeeded);
        Assert.Equal(2, bench.Calls("RunTask"));
    }

    [Fact]
    public async Task A_lost_answer_starts_no_second_task()
    {
        await using var bench = await RolloutBench.StartAsync(options => options with
        {
            Faults = new FaultPlan(new FaultRule { On = "ecs:RunTask", Kind = FaultKind.ResetAfter }),
        });
        OneOffBench.Behave(bench, 0);

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        Assert.True(outcome.Succeeded);
        Assert.Single(await bench.Ecs.ListTasksAsync(
            new() { ["cluster"] = "dev", ["family"] = "shop", ["desiredStatus"] = "STOPPED" }, RolloutBench.Token));
    }

    [Fact]
    public async Task A_task_that_does_not_end_is_stopped_after_its_own_timeout()
    {
        await using var bench = await RolloutBench.StartAsync();

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate with { Timeout = TimeSpan.FromMinutes(5) });

        Assert.False(outcome.Succeeded);
        Assert.Contains("5 minutes", outcome.Reasons[0], StringComparison.Ordinal);
        Assert.Equal(1, bench.Calls("StopTask"));
        Assert.InRange(outcome.Duration.TotalMinutes, 5, 6);
    }

    [Fact]
    public async Task The_same_work_of_another_build_is_done_again()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, 0);

        await OneOffBench.RunAsync(bench, OneOffBench.Migrate);
        await OneOffBench.RunAsync(bench, OneOffBench.Migrate, "42");

        Assert.Equal(2, bench.Calls("RunTask"));
    }

    [Fact]
    public async Task A_task_that_a_killed_run_left_is_followed()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, TimeSpan.FromMinutes(5), 0);
        using var kill = new CancellationTokenSource(TimeSpan.FromMinutes(1), bench.Clock);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OneOffBench.RunAsync(bench, OneOffBench.Migrate, token: kill.Token));

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        Assert.True(outcome.Succeeded);
        Assert.Equal(1, bench.Calls("RunTask"));
        Assert.Contains(bench.Lines, line => line.Contains("was begun by an earlier run", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_long_done_is_run_again_only_where_a_task_of_it_failed()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, 1);

        Assert.True((await OneOffBench.RunAsync(bench, OneOffBench.Migrate, longDone: true)).Succeeded);
        Assert.Equal(0, bench.Calls("RunTask"));

        Assert.False((await OneOffBench.RunAsync(bench, OneOffBench.Migrate)).Succeeded);
        Assert.False((await OneOffBench.RunAsync(bench, OneOffBench.Migrate, longDone: true)).Succeeded);
        Assert.Equal(2, bench.Calls("RunTask"));
    }
}
