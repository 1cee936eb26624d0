using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>One-off tasks against the sandbox's ECS and CloudWatch Logs.</summary>
public sealed class OneOffTests
{
    private static readonly OneOffTask Migrate = new(["dotnet", "Shop.dll", "migrate all"]);

    [Fact]
    public async Task The_exit_code_decides_and_the_log_is_streamed()
    {
        await using var bench = await RolloutBench.StartAsync();
        Behave(bench, 0, "migrated 3 tables");

        var outcome = await RunAsync(bench, Migrate);

        Assert.True(outcome.Succeeded);
        Assert.Equal(0, outcome.ContainerExitCode);
        Assert.Contains(bench.Lines, line => line.Contains("migrated 3 tables", StringComparison.Ordinal));
        Assert.Contains(bench.Lines, line => line.Contains("(the image's entry point) dotnet Shop.dll 'migrate all'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_task_says_why()
    {
        await using var bench = await RolloutBench.StartAsync();
        Behave(bench, 134);

        var outcome = await RunAsync(bench, Migrate);

        Assert.False(outcome.Succeeded);
        Assert.Equal(134, outcome.ContainerExitCode);
        Assert.Contains("nobody caught", outcome.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_succeeded_is_not_run_again_by_the_next_run()
    {
        await using var bench = await RolloutBench.StartAsync();
        Behave(bench, 0);
        await RunAsync(bench, Migrate);

        var outcome = await RunAsync(bench, Migrate);

        Assert.True(outcome.Succeeded);
        Assert.Equal(1, bench.Calls("RunTask"));
    }

    [Fact]
    public async Task What_failed_is_run_again()
    {
        await using var bench = await RolloutBench.StartAsync();
        Behave(bench, 1);
        await RunAsync(bench, Migrate);
        Behave(bench, 0);

        var outcome = await RunAsync(bench, Migrate);

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
        Behave(bench, 0);

        var outcome = await RunAsync(bench, Migrate);

        Assert.True(outcome.Succeeded);
        Assert.Single(await bench.Ecs.ListTasksAsync(
            new() { ["cluster"] = "dev", ["family"] = "shop", ["desiredStatus"] = "STOPPED" }, RolloutBench.Token));
    }

    [Fact]
    public async Task A_task_that_does_not_end_is_stopped_after_its_own_timeout()
    {
        await using var bench = await RolloutBench.StartAsync();

        var outcome = await RunAsync(bench, Migrate with { Timeout = TimeSpan.FromMinutes(5) });

        Assert.False(outcome.Succeeded);
        Assert.Contains("5 minutes", outcome.Reasons[0], StringComparison.Ordinal);
        Assert.Equal(1, bench.Calls("StopTask"));
        Assert.InRange(outcome.Duration.TotalMinutes, 5, 6);
    }

    [Fact]
    public async Task Another_entry_point_gets_a_definition_of_its_own()
    {
        await using var bench = await RolloutBench.StartAsync();
        Behave(bench, 0);

        var outcome = await RunAsync(bench, Migrate with { EntryPoint = ["/bin/sh", "-c"] });

        Assert.True(outcome.Succeeded);
        var own = await bench.Ecs.DescribeTaskDefinitionAsync("shop-one-off", RolloutBench.Token);
        Assert.Equal(["/bin/sh", "-c"], own.Json["containerDefinitions"]![0]!["entryPoint"]!.AsArray().Select(word => (string)word!));
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_answered_with_the_names_that_are()
    {
        await using var bench = await RolloutBench.StartAsync();

        var fault = await Assert.ThrowsAsync<EcsSettingsException>(() => RunAsync(bench, Migrate with { Container = "web" }));

        Assert.Contains("It has: shop.", fault.Message, StringComparison.Ordinal);
    }

    private static void Behave(RolloutBench bench, int exitCode, params IReadOnlyList<string> output) => bench.Sandbox.Ecs.Behaviours.Add(
        new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(8), ExitCode = exitCode, Output = output }) { Command = "migrate" });

    private static async Task<OneOffOutcome> RunAsync(RolloutBench bench, OneOffTask wish)
    {
        using var participant = bench.Clock.Enter("pipe");
        var service = await bench.ServiceAsync();
        var request = new OneOffRequest
        {
            Wish = wish,
            When = "before the rollout",
            Service = service,
            Definition = await bench.Ecs.DescribeTaskDefinitionAsync(service.TaskDefinition, RolloutBench.Token),
            Container = "shop",
        };
        return await new OneOffTasks(bench.Ecs, bench.Logs, bench.Clock, bench.Log).RunAsync(request, RolloutBench.Token);
    }
}
