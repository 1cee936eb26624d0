using EcsDeploy.Ecs;
using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>Which task definition a one-off task runs with.</summary>
public sealed class OneOffDefinitionTests
{
    [Fact]
    public async Task Another_entry_point_gets_a_definition_of_its_own()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, 0);

        var outcome = await OneOffBench.RunAsync(bench, OneOffBench.Migrate with { EntryPoint = ["/bin/sh", "-c"] });

        Assert.True(outcome.Succeeded);
        var own = await bench.Ecs.DescribeTaskDefinitionAsync("shop-one-off", RolloutBench.Token);
        Assert.Equal(["/bin/sh", "-c"], own.Json["containerDefinitions"]![0]!["entryPoint"]!.AsArray().Select(word => (string)word!));
    }

    [Fact]
    public async Task Another_entry_point_is_registered_once_however_often_the_task_runs_and_answers_get_lost()
    {
        await using var bench = await RolloutBench.StartAsync(options => options with
        {
            Faults = new FaultPlan(new FaultRule { On = "ecs:RegisterTaskDefinition", Kind = FaultKind.ResetAfter }),
        });
        OneOffBench.Behave(bench, 1);
        var wish = OneOffBench.Migrate with { EntryPoint = ["/bin/sh", "-c"] };

        var failed = await OneOffBench.RunAsync(bench, wish);
        OneOffBench.Behave(bench, 0);
        await OneOffBench.RunAsync(bench, wish);
        await OneOffBench.RunAsync(bench, wish, "42");

        Assert.Contains("The task's own definition was shop-one-off:1.", failed.Reasons);
        Assert.Equal(3, bench.Calls("RunTask"));
        Assert.Equal(1, (await bench.Ecs.DescribeTaskDefinitionAsync("shop-one-off", RolloutBench.Token)).Revision);
    }

    [Fact]
    public async Task Another_definition_gets_the_new_image_and_is_registered_once()
    {
        await using var bench = await RolloutBench.StartAsync();
        OneOffBench.Behave(bench, 0);
        var input = TaskDefinitionEdit.Copy(await bench.Ecs.DescribeTaskDefinitionAsync("shop", RolloutBench.Token), new Dictionary<string, string>());
        (input["family"], input["containerDefinitions"]![0]!["name"]) = ("migrate", "job");
        await bench.Ecs.RegisterTaskDefinitionAsync(input, RolloutBench.Token);
        var wish = OneOffBench.Migrate with { TaskDefinition = "migrate" };

        await OneOffBench.RunAsync(bench, wish);
        await OneOffBench.RunAsync(bench, wish, "42");

        var newest = await bench.Ecs.DescribeTaskDefinitionAsync("migrate", RolloutBench.Token);
        Assert.Equal((2, OneOffBench.ImageOf(bench).Reference), (newest.Revision, Assert.Single(newest.Images)));
        Assert.Equal(2, bench.Calls("RunTask"));
        Assert.Contains(bench.Lines, line => line.Contains("container \"job\": \"dotnet Tool.dll dotnet Shop.dll 'migrate all'\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_definition_that_is_not_there_is_named_with_its_variable()
    {
        await using var bench = await RolloutBench.StartAsync();

        var fault = await Assert.ThrowsAsync<EcsSettingsException>(() => OneOffBench.RunAsync(bench, OneOffBench.Migrate with { TaskDefinition = "migrate" }));

        Assert.Contains("Check BEFORE_DEPLOY_TASK_DEFINITION.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_answered_with_the_names_that_are()
    {
        await using var bench = await RolloutBench.StartAsync();

        var fault = await Assert.ThrowsAsync<EcsSettingsException>(() => OneOffBench.RunAsync(bench, OneOffBench.Migrate with { Container = "web" }));

        Assert.Contains("It has: shop.", fault.Message, StringComparison.Ordinal);
    }
}
