using EcsDeploy;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Actions on a rollout that is under way, and what is taken back when a step is in trouble itself.</summary>
public sealed class UnderWayTests
{
    [Fact]
    public async Task A_rollback_stops_what_is_under_way_and_says_what_it_goes_back_to()
    {
        await using var run = await InFlightAsync();

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback"));

        Assert.Contains("Service shop has a rollout of shop:3 under way (PENDING); going back to shop:2 (commit 000000000000) (build 41)", run.Log, StringComparison.Ordinal);
        Assert.Contains("  shop: image", run.Log, StringComparison.Ordinal);
        Assert.Equal(["ecs:StopServiceDeployment 200"], run.Changes);
        Assert.Equal("shop:2", await new Stranger(run).RunsAsync());
    }

    [Fact]
    public async Task The_same_again_without_waiting_follows_nothing_and_says_so()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromHours(1) }));
        (string, string?)[] force = [("WAIT", "false"), ("FORCE_NEW_DEPLOYMENT", "true")];

        await run.DeployAsync(force);
        var first = run.LastLine;
        Assert.Equal(ExitCode.Done, await run.DeployAsync(force));

        Assert.Contains("started. shop:2 serves, and its tasks are being replaced.", first, StringComparison.Ordinal);
        Assert.Contains("started. shop:2 serves, and its tasks are being replaced.", run.LastLine, StringComparison.Ordinal);
        Assert.Contains("it is what was asked for, and is not waited for (WAIT=false)", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("following it", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Changes, change => change.StartsWith("ecs:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_ECS_does_not_stop_it_a_rollback_goes_back_by_an_update()
    {
        await using var run = await InFlightAsync(world => world.Without(DefaultWorld.Dev, "deploy", "ecs:StopServiceDeployment"));

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback"));

        Assert.Contains("ECS does not stop it", run.Log, StringComparison.Ordinal);
        Assert.Equal(["ecs:UpdateService 200"], run.Changes);
        Assert.Equal("shop:2", await new Stranger(run).RunsAsync());
    }

    [Fact]
    public async Task A_role_that_may_not_see_rollouts_goes_back_to_what_the_one_under_way_takes_the_place_of()
    {
        await using var run = await InFlightAsync(world => world.WithoutRollouts());

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback"));

        Assert.Equal("shop:2", await new Stranger(run).RunsAsync());
    }

    [Theory]
    [InlineData("shop:99", 2)]
    [InlineData("nothing-like-that", 2)]
    [InlineData("shop:2", 12)]
    public async Task A_rollback_that_cannot_be_leaves_what_is_under_way_alone(string wish, int expected)
    {
        await using var run = await InFlightAsync();
        var repository = run.Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Find("shop")!;
        repository.Remove(repository.Find("env-dev-41")!);

        Assert.Equal(expected, (int)await run.ActAsync("rollback", ("ROLLBACK_TO", wish)));

        Assert.Empty(run.Changes);
        Assert.Contains("No service was touched", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_to_another_revision_stops_what_is_under_way_and_rolls_that_one()
    {
        await using var run = await InFlightAsync();

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback", ("ROLLBACK_TO", "shop:1")));

        Assert.Equal(["ecs:StopServiceDeployment 200", "ecs:UpdateService 200"], run.Changes);
        Assert.Equal("shop:1", await new Stranger(run).RunsAsync());
    }

    [Theory]
    [InlineData("shop:1", "false", "ecs:UpdateService 200")]
    [InlineData("shop:3", "true", null)]
    public async Task What_is_under_way_is_not_stopped_where_an_update_takes_its_place_or_it_brings_what_is_wished(string wish, string wait, string? change)
    {
        await using var run = await InFlightAsync();

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback", ("ROLLBACK_TO", wish), ("WAIT", wait)));

        Assert.Equal(change is null ? [] : [change], run.Changes.Where(one => one.StartsWith("ecs:", StringComparison.Ordinal)));
        Assert.Equal(wish, await new Stranger(run).RunsAsync());
    }

    [Fact]
    public async Task Of_several_services_one_that_cannot_be_stopped_does_not_hide_how_the_others_ended()
    {
        await using var run = await PipeRun.StartAsync(world => world
            .WithMoreServices("worker").Denying(DefaultWorld.Dev, "deploy", "ecs:StopServiceDeployment", "arn:aws:ecs:*:*:service/dev/worker"));
        await run.DeployAsync(("SERVICE_NAME", "shop worker"));
        run.Publish("2");
        await run.DeployAsync(("SERVICE_NAME", "shop worker"), ("WAIT", "false"));

        Assert.Equal(ExitCode.Settings, await run.ActAsync("stop", ("SERVICE_NAME", "worker shop")));

        Assert.Contains("worker: ECS does not let the rollout of worker be stopped. Use ACTION rollback to go back by an update.", run.Log, StringComparison.Ordinal);
        Assert.Contains("dev/worker: not rolled to its end. What serves is not known.", run.Log, StringComparison.Ordinal);
        Assert.Contains("dev/shop: succeeded. The old version serves", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_rollout_is_told_with_whose_it_is_before_another_takes_its_place()
    {
        await using var run = await InFlightAsync();
        run.Publish("3");

        Assert.Equal(ExitCode.Done, await run.DeployAsync());

        Assert.Contains(
            "Another rollout is under way on service shop: shop:3, commit 0000000000000000000000000000000000000042, build 42, registered by arn:aws:sts::222222222222:assumed-role/deploy/",
            run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_is_taken_back_where_that_is_wanted()
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromHours(1) }));

        var exit = await run.DeployAsync(("WAIT_TIMEOUT", "2"), ("ON_TIMEOUT", "rollback"));

        Assert.Equal(ExitCode.RolledBack, exit);
        Assert.Contains("the rollout has not ended in time; going back to what ran before (ON_TIMEOUT=rollback)", run.Log, StringComparison.Ordinal);
        Assert.Contains("dev/shop: rolled back. The old version serves (shop:1).", run.LastLine, StringComparison.Ordinal);
        Assert.Equal("shop:1", await new Stranger(run).RunsAsync());
    }

    [Theory]
    [InlineData("ecs:UpdateService", FaultKind.ResetAfter)]
    [InlineData("ecs:DescribeServiceDeployments", FaultKind.ServerError)]
    public async Task A_cancelled_step_takes_back_what_it_began_where_that_is_wanted(string on, FaultKind kind)
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new FaultRule { On = on, Kind = kind, Meanwhile = run.Stop });

        Assert.Equal(ExitCode.Cancelled, await run.DeployAsync(("ON_CANCEL", "rollback")));

        Assert.EndsWith(
            "Cancelled: dev/shop: the rollout of shop:2 is being taken back, which was not seen to its end, so both versions may serve. "
            + "ACTION=status tells how that ends; running this step again would roll the new version once more",
            run.LastLine, StringComparison.Ordinal);
        Assert.Equal(2, run.Changes.Count(change => change.StartsWith("ecs:UpdateService", StringComparison.Ordinal) || change.StartsWith("ecs:StopServiceDeployment", StringComparison.Ordinal)));
        await run.SettleAsync();
        Assert.Equal("shop:1", await new Stranger(run).RunsAsync());
    }

    [Fact]
    public async Task A_role_that_may_not_roll_touches_nothing_and_the_last_line_says_so()
    {
        await using var run = await PipeRun.StartAsync(world => world.Without(DefaultWorld.Dev, "deploy", "ecs:UpdateService"));

        Assert.Equal(ExitCode.Access, await run.DeployAsync());

        Assert.Contains("No service was touched: what ran before still serves", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_word_to_ECS_nobody_says_that_no_service_was_touched()
    {
        await using var run = await InFlightAsync();
        run.Faults.Add(new FaultRule { On = "ecs:DescribeServiceRevisions", Kind = FaultKind.ServerError, Count = null });

        Assert.Equal(ExitCode.Access, await run.ActAsync("stop"));

        Assert.Contains("dev/shop: ECS was asked to take the rollout back, which was not seen to its end", run.LastLine, StringComparison.Ordinal);
    }

    private static async Task<PipeRun> InFlightAsync(Func<World, World>? change = null)
    {
        var run = await PipeRun.StartAsync(change);
        await run.DeployAsync();
        run.Publish("2");
        Assert.Equal(ExitCode.Done, await run.DeployAsync(("WAIT", "false")));
        return run;
    }
}
