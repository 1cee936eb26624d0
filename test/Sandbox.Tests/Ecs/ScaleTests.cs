using System.Diagnostics;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>How much work the engine does.</summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1000)]
    [InlineData(10000)]
    public async Task The_work_grows_with_the_number_of_tasks_and_no_faster(int count)
    {
        using var bench = new Bench();
        var watch = Stopwatch.StartNew();
        await bench.StartAsync(count);
        bench.Wait(3600);
        Assert.Equal("SUCCESSFUL", await bench.StatusAsync());
        await bench.RollAsync();
        bench.Wait(3600);
        Assert.Equal("SUCCESSFUL", await bench.StatusAsync());
        output.WriteLine($"{count} tasks started and replaced: {bench.Service.Agenda.Done} events in {watch.ElapsedMilliseconds} ms");
        Assert.InRange(bench.Service.Agenda.Done, count, 20L * count);
    }

    [Fact]
    public async Task An_hour_with_a_failing_service_is_over_at_once()
    {
        using var bench = new Bench();
        await bench.SteadyAsync(10);
        var watch = Stopwatch.StartNew();
        await bench.RollAsync(new Sandbox.Ecs.Engine.TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(2), ExitCode = 1 });
        bench.Wait(3600);
        output.WriteLine($"an hour: {bench.Service.Agenda.Done} events in {watch.ElapsedMilliseconds} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }
}
