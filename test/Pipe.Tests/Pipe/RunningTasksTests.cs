using EcsDeploy;
using Sandbox.Ecr;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>It never says success when the service does not run what was pushed, and never claims to have seen what it could not.</summary>
public sealed class RunningTasksTests
{
    [Fact]
    public async Task A_tag_that_is_moved_under_the_rollout_is_a_failure_and_no_success_on_record()
    {
        await using var run = await PipeRun.StartAsync();
        var repository = run.Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Find("shop")!;
        var revision = await new Stranger(run).RegisterAsync(definition => definition["containerDefinitions"]![0]!["image"] = $"{Step.Repository}:v1");
        var other = "";
        run.Faults.Add(new FaultRule
        {
            On = "ecs:UpdateService",
            Kind = FaultKind.Slow,
            Duration = TimeSpan.FromSeconds(1),
            Meanwhile = () => other = new SampleImage { Content = "somebody else's" }.PutInto(repository, "v1"),
        });

        var exit = await run.DeployAsync(("TASK_DEFINITION", revision), ("TAGS", "v1 mine"));

        Assert.Equal(ExitCode.FailedNotRolledBack, exit);
        Assert.Contains($"running tasks have the image {other} and not {repository.Find("mine")!.Digest}, which was rolled", run.Log, StringComparison.Ordinal);
        Assert.Contains("dev/shop: failed and not rolled back. What serves is not known.", run.LastLine, StringComparison.Ordinal);
        Assert.Null(repository.Find("env-dev-41"));
    }

    [Theory]
    [InlineData("ecs:ListTasks")]
    [InlineData("ecs:DescribeTasks")]
    public async Task Tasks_that_may_not_be_seen_are_said_beside_nothing_to_do(string action)
    {
        await using var run = await PipeRun.StartAsync(world => world.Without(DefaultWorld.Dev, "deploy", action));
        await run.DeployAsync();

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("dev/shop: nothing to do.", run.LastLine, StringComparison.Ordinal);
        Assert.Contains("shop: Whether the running tasks have this image was not seen:", run.Log, StringComparison.Ordinal);
        Assert.Contains(action, run.Log, StringComparison.Ordinal);
    }
}
