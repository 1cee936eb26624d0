using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>What a one-off task writes, against the sandbox's CloudWatch Logs.</summary>
public sealed class OneOffOutputTests
{
    [Fact]
    public async Task Lines_are_shown_while_the_task_runs()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, TimeSpan.FromMinutes(2), 0, "table 1 of 3");

        await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        var lines = bench.Lines.ToList();
        Assert.InRange(lines.FindIndex(line => line.Contains("table 1 of 3", StringComparison.Ordinal)), 0, lines.FindIndex(line => line.Contains("STOPPED", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_long_output_is_shown_to_its_end()
    {
        await using var bench = await RolloutBench.StartAsync(options => options with { PageSize = 2 });
        OneOffBench.Behave(bench, 1, [.. Enumerable.Range(1, 15).Select(number => $"line {number}.")]);

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        Assert.Equal(Enumerable.Range(1, 15).Select(number => $"\"shop\": \"line {number}.\""), bench.Lines.Where(line => line.Contains("line ", StringComparison.Ordinal)));
        Assert.Equal("Its last line: line 15.", outcome.Reasons[^1]);
    }

    [Theory]
    [InlineData(FaultKind.Throttle)]
    [InlineData(FaultKind.ServerError)]
    public async Task A_log_that_cannot_be_had_for_a_while_does_not_end_the_wait(FaultKind kind)
    {
        await using var bench = await RolloutBench.StartAsync(options => options with
        {
            Faults = new FaultPlan(new FaultRule { On = "logs:GetLogEvents", Kind = kind, Count = 20 }),
        });
        OneOffBench.Behave(bench, TimeSpan.FromMinutes(10), 0, "done");

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        Assert.True(outcome.Succeeded);
        Assert.Contains(bench.Lines, line => line.Contains("done", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_that_could_not_be_had_to_the_end_are_said_to_be_missing()
    {
        await using var bench = await RolloutBench.StartAsync(options => options with
        {
            Faults = new FaultPlan(new FaultRule { On = "logs:GetLogEvents", Kind = FaultKind.ServerError, Count = null }),
        });
        OneOffBench.Behave(bench, 0, "done");

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        Assert.True(outcome.Succeeded);
        Assert.Contains(bench.Lines, line => line.Contains("the task's last lines may be missing above", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_task_that_writes_nothing_is_said_to_live()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, TimeSpan.FromMinutes(12), 0);

        await OneOffBench.RunAsync(bench, OneOffBench.Migrate);

        Assert.Equal(2, bench.Lines.Count(line => line.Contains("still", StringComparison.Ordinal) && line.Contains("RUNNING", StringComparison.Ordinal)));
    }
}
