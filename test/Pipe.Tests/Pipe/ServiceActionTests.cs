using EcsDeploy;
using Sandbox.Ecs.Engine;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>The actions on what runs already, and the tasks around a rollout.</summary>
public sealed class ServiceActionTests
{
    [Fact]
    public async Task A_rollback_rolls_what_ran_before_and_says_what_changes()
    {
        await using var run = await TwoVersionsAsync();

        var exit = await run.RunAsync(("ACTION", "rollback"), ("CONTAINER_NAME", null));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("going back to shop:2", run.Log, StringComparison.Ordinal);
        Assert.Contains("dev/shop: succeeded.", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_that_is_only_tried_changes_nothing()
    {
        await using var run = await TwoVersionsAsync();

        var exit = await run.RunAsync(("ACTION", "rollback"), ("CONTAINER_NAME", null), ("DRY_RUN", "true"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("going back to shop:2", run.Log, StringComparison.Ordinal);
        Assert.Empty(run.Changes);
    }

    [Fact]
    public async Task The_status_says_what_runs_and_where_one_can_go_back_to()
    {
        await using var run = await TwoVersionsAsync();

        var exit = await run.RunAsync(("ACTION", "status"), ("CONTAINER_NAME", null));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("dev/shop: shop:3, 1 of 1 tasks run", run.Log, StringComparison.Ordinal);
        Assert.Contains("can go back to shop:2", run.Log, StringComparison.Ordinal);
        Assert.Contains(", rolled by build 42, registered by arn:aws:sts::222222222222:assumed-role/deploy/", run.Log, StringComparison.Ordinal);
        Assert.Matches("on record for dev: sha256:[0-9a-f]{64} \\(tag env-dev-42\\), which is what runs", run.Log);
    }

    [Fact]
    public async Task A_status_without_a_service_is_no_answer()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.RunAsync(("ACTION", "status"), ("CONTAINER_NAME", null), ("SERVICE_NAME", null));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("SERVICE_NAME is not set. ACTION status needs it.");
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("continue")]
    public async Task Without_a_rollout_under_way_there_is_nothing_to_say(string action)
    {
        await using var run = await TwoVersionsAsync();

        var exit = await run.RunAsync(("ACTION", action), ("CONTAINER_NAME", null));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("nothing to do", run.Log, StringComparison.Ordinal);
        Assert.Empty(run.Changes);
    }

    [Fact]
    public async Task A_rollout_under_way_is_stopped_and_the_old_version_serves()
    {
        await using var run = await TwoVersionsAsync();
        run.Publish("3");
        await run.DeployAsync(("WAIT", "false"));

        var exit = await run.RunAsync(("ACTION", "stop"), ("CONTAINER_NAME", null));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("The old version serves", run.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "dev/shop: succeeded.")]
    [InlineData(1, 10, "dev/shop: not rolled. The old version serves (shop:1). shop:2 is registered and not used.")]
    public async Task A_task_before_the_rollout_decides_by_its_exit_code(int ends, int expected, string lastLine)
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(5), ExitCode = ends }) { Command = "migrate" });

        var exit = await run.DeployAsync(("BEFORE_DEPLOY", "migrate"));

        Assert.Equal(expected, (int)exit);
        Assert.Contains(lastLine, run.Log, StringComparison.Ordinal);
        Assert.Single(run.Changes, change => change.Contains("RunTask", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_fails_before_the_rollout_says_that_what_ran_still_serves()
    {
        await using var run = await PipeRun.StartAsync();

        await run.DeployAsync(("SERVICE_NAME", "nowhere"));

        Assert.EndsWith("✖ No service was touched: what ran before still serves", run.Log.TrimEnd().Replace("\e[0m", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static async Task<PipeRun> TwoVersionsAsync()
    {
        var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        run.Publish("2");
        await run.DeployAsync();
        return run;
    }
}
