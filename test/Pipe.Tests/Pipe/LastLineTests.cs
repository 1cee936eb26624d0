using EcsDeploy;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>The last line says what serves and how to go on, also where nothing was rolled, or an older version was.</summary>
public sealed class LastLineTests
{
    [Theory]
    [InlineData("stop")]
    [InlineData("continue")]
    public async Task Where_no_rollout_is_under_way_it_says_what_serves(string action)
    {
        await using var run = await TwoVersionsAsync();

        Assert.Equal(ExitCode.Done, await run.ActAsync(action));

        Assert.EndsWith("✔ dev/shop: nothing to do. shop:3 serves. To go back: ACTION=rollback.", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_rollout_that_is_not_paused_cannot_be_let_go_on_the_old_version_serves()
    {
        await using var run = await TwoVersionsAsync();
        await BeginAsync(run);

        Assert.Equal(ExitCode.Done, await run.ActAsync("continue"));

        Assert.Contains("✔ dev/shop: nothing to do. The old version serves (shop:3).", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_that_is_not_waited_for_leaves_the_old_version_serving_for_now()
    {
        await using var run = await TwoVersionsAsync();
        await BeginAsync(run);

        Assert.Contains("✔ dev/shop: started. The old version serves for now (shop:3). The rollout goes on;", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_calls_what_it_rolled_the_earlier_version_and_names_what_it_left()
    {
        await using var run = await TwoVersionsAsync();

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback"));

        Assert.EndsWith(
            "✔ dev/shop: succeeded. The earlier version serves again (shop:2). To return to what was left: ACTION=rollback with ROLLBACK_TO=shop:3.",
            run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_to_what_runs_does_not_say_that_it_goes_back()
    {
        await using var run = await TwoVersionsAsync();

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback", ("ROLLBACK_TO", "shop:3")));

        Assert.Contains("Service shop runs shop:3, which is what to go back to: shop:3", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("going back", run.Log, StringComparison.Ordinal);
        Assert.Contains("✔ dev/shop: nothing to do. shop:3 serves.", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_says_what_serves()
    {
        await using var run = await TwoVersionsAsync();

        Assert.Equal(ExitCode.Done, await run.ActAsync("status"));

        Assert.EndsWith("✔ dev/shop: shop:3 serves", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_during_a_rollout_tells_of_what_serves_and_then_of_what_is_on_its_way()
    {
        await using var run = await TwoVersionsAsync();
        await BeginAsync(run);

        Assert.Equal(ExitCode.Done, await run.ActAsync("status"));

        Assert.Matches(@"INFO: dev/shop: shop:3, 1 of 1 tasks run, since \d{4}-.*, commit 0+42, rolled by build 42,", run.Log);
        Assert.Matches("INFO:   is set to shop:4: 0 of 1 tasks run, commit 0+43, rolled by build 43,", run.Log);
        Assert.Matches(@"on record for dev: sha256:[0-9a-f]{64} \(tag env-dev-42\), which is what runs", run.Log);
        Assert.EndsWith("✔ dev/shop: shop:3 serves; the service is set to shop:4, of which no task runs", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_during_a_rollout_says_what_runs()
    {
        await using var run = await TwoVersionsAsync();
        await BeginAsync(run);

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("DRY_RUN", "true")));

        Assert.Contains("Service shop in cluster dev runs shop:3, 1 of 1 tasks, and is set to shop:4, of which 0 run", run.Log, StringComparison.Ordinal);
        Assert.Contains("A rollout is under way on service shop: shop:4", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_of_what_is_there_says_so()
    {
        await using var run = await PipeRun.StartAsync();
        (string, string?)[] push = [("ACTION", "push"), ("CLUSTER_NAME", null), ("SERVICE_NAME", null), ("CONTAINER_NAME", null), ("TAGS", "latest")];
        await run.DeployAsync(push);
        Assert.Contains($"✔ Pushed {Step.Repository}@sha256:", run.LastLine, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, await run.DeployAsync(push));

        Assert.Matches($"✔ Every layer was there already: {Step.Repository}@sha256:[0-9a-f]{{64}} is in the registry, tagged latest$", run.LastLine);
    }

    [Fact]
    public async Task Cut_off_after_the_rollout_it_says_how_that_ended()
    {
        await using var run = await TwoVersionsAsync();
        run.Publish("3");
        run.Faults.Add(new FaultRule { On = "ecr:PutImage", First = 2, Kind = FaultKind.ServerError, Meanwhile = run.Stop });

        Assert.Equal(ExitCode.Cancelled, await run.DeployAsync());

        Assert.EndsWith(
            "✖ Cancelled: dev/shop: the rollout of shop:4 ended: succeeded; only what comes after it was cut off. Run the step again to go on",
            run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_run_names_every_service_that_it_touched()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker"));
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromHours(1) }) { Image = Step.Repository });

        // By the third look every service was updated.
        run.Faults.Add(new FaultRule { On = "ecs:DescribeServiceDeployments", Kind = FaultKind.Slow, Duration = TimeSpan.Zero, First = 3, Meanwhile = run.Stop });
        Assert.Equal(ExitCode.Cancelled, await run.DeployAsync(("SERVICE_NAME", "worker shop")));

        Assert.Matches("✖ Cancelled: dev/shop: a rollout of shop:[23] was begun and not seen to its end", run.Log);
        Assert.Contains("✖ Cancelled: dev/worker: a rollout of ", run.LastLine, StringComparison.Ordinal);
    }

    private static async Task<PipeRun> TwoVersionsAsync()
    {
        var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        run.Publish("2");
        await run.DeployAsync();
        return run;
    }

    /// <summary>Its tasks stay away for as long as anybody looks.</summary>
    private static async Task BeginAsync(PipeRun run)
    {
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromHours(1) }) { Image = Step.Repository });
        run.Publish("3");
        Assert.Equal(ExitCode.Done, await run.DeployAsync(("WAIT", "false")));
    }
}
