using EcsDeploy;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>A rollout that waits for somebody's word, and what comes of each word.</summary>
public sealed class PausingTests
{
    private const string Rolling = "\"deploymentConfiguration\":{";

    private const string Paused = """
        "deploymentConfiguration":{"strategy":"BLUE_GREEN","bakeTimeInMinutes":1,"lifecycleHooks":[{"targetType":"PAUSE","lifecycleStages":["POST_SCALE_UP"],"timeoutConfiguration":{"timeoutInMinutes":60,"action":"CONTINUE"}}],
        """;

    [Fact]
    public async Task A_shifting_rollout_of_somebody_else_is_told_too()
    {
        await using var run = await PausedAsync();
        run.Publish("2");

        Assert.Equal(ExitCode.Paused, await run.DeployAsync());

        Assert.Contains("Another rollout is under way on service shop: shop:2, commit 0000000000000000000000000000000000000041, build 41", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_tells_of_a_shifting_rollout_too()
    {
        await using var run = await PausedAsync();
        run.Publish("2");

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("DRY_RUN", "true")));

        Assert.Contains("A rollout is under way on service shop: shop:2", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pause_ends_the_step_with_13_and_says_until_when_and_what_then()
    {
        await using var run = await PausedAsync();

        Assert.Contains("shop: the rollout is paused: it waits for somebody's word until ", run.Log, StringComparison.Ordinal);
        Assert.Contains("without one ECS then lets it go on. To let it go on: ACTION=continue. To go back: ACTION=stop.", run.Log, StringComparison.Ordinal);
        Assert.Contains("dev/shop: paused. The old version serves (shop:1).", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_says_that_it_is_paused_until_when_and_what_then()
    {
        await using var run = await PausedAsync();

        Assert.Equal(ExitCode.Done, await run.ActAsync("status"));

        Assert.Contains("  paused: it waits for somebody's word until ", run.Log, StringComparison.Ordinal);
        Assert.Contains("without one ECS then lets it go on. To let it go on: ACTION=continue. To go back: ACTION=stop.", run.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("continue", "succeeded. The new version serves (shop:2).", "shop:2")]
    [InlineData("stop", "succeeded. The old version serves (shop:1).", "shop:1")]
    [InlineData("rollback", "succeeded. The old version serves (shop:1).", "shop:1")]
    public async Task A_word_to_a_paused_rollout_is_followed_to_its_end(string action, string end, string runs)
    {
        await using var run = await PausedAsync();

        Assert.Equal(ExitCode.Done, await run.ActAsync(action));

        Assert.Contains(end, run.LastLine, StringComparison.Ordinal);
        Assert.Equal(runs, await new Stranger(run).RunsAsync());
    }

    [Theory]
    [InlineData("continue")]
    [InlineData("stop")]
    public async Task Without_waiting_the_word_is_said_and_that_is_all(string action)
    {
        await using var run = await PausedAsync();
        var before = run.Elapsed;

        Assert.Equal(ExitCode.Done, await run.ActAsync(action, ("WAIT", "false")));

        Assert.Contains("dev/shop: started.", run.LastLine, StringComparison.Ordinal);
        Assert.Contains(action == "stop" ? "It is being taken back; running this step again follows that." : "The rollout goes on; running this step again follows it.", run.LastLine, StringComparison.Ordinal);
        Assert.True(run.Elapsed - before < TimeSpan.FromSeconds(30), $"{run.Elapsed - before}");
    }

    [Fact]
    public async Task A_continued_rollout_that_fails_tells_the_last_words_of_its_containers()
    {
        await using var run = await PausedAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 3, Output = ["no licence"] }) { Image = Step.Repository });
        await KillTasksAsync(run);

        var exit = await run.ActAsync("continue");

        Assert.Equal(ExitCode.RolledBack, exit);
        Assert.Contains("shop: no licence", run.Log, StringComparison.Ordinal);
        Assert.Equal("shop:1", await new Stranger(run).RunsAsync());
    }

    [Fact]
    public async Task A_continued_rollout_that_lasts_too_long_is_taken_back_where_that_is_wanted()
    {
        await using var run = await PausedAsync();

        Assert.Equal(ExitCode.RolledBack, await run.ActAsync("continue", ("WAIT_TIMEOUT", "1"), ("ON_TIMEOUT", "rollback")));

        Assert.Contains("(ON_TIMEOUT=rollback)", run.Log, StringComparison.Ordinal);
        Assert.Equal("shop:1", await new Stranger(run).RunsAsync());
    }

    [Fact]
    public async Task A_step_that_is_cancelled_while_it_lets_a_rollout_go_on_takes_it_back_where_that_is_wanted()
    {
        await using var run = await PausedAsync();
        run.Faults.Add(new FaultRule { On = "ecs:ContinueServiceDeployment", Kind = FaultKind.ResetAfter, Meanwhile = run.Stop });

        Assert.Equal(ExitCode.Cancelled, await run.ActAsync("continue", ("ON_CANCEL", "rollback")));

        await run.SettleAsync();
        Assert.Equal("shop:1", await new Stranger(run).RunsAsync());
    }

    private static async Task<PipeRun> PausedAsync()
    {
        var run = await PipeRun.StartAsync(world => world.WithService(Rolling, Paused.Trim()));
        await run.SettleAsync();
        Assert.Equal(ExitCode.Paused, await run.DeployAsync());
        return run;
    }

    private static async Task KillTasksAsync(PipeRun run)
    {
        var stranger = new Stranger(run);
        foreach (var task in (await stranger.CallAsync("ListTasks", """{"cluster":"dev","serviceName":"shop"}"""))["taskArns"]!.AsArray())
        {
            await stranger.CallAsync("StopTask", $$"""{"cluster":"dev","task":"{{task}}"}""");
        }
    }
}
