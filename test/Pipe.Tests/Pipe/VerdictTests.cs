using EcsDeploy;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Every way in which a rollout can end: its exit code, why, and what serves, on the last line.</summary>
public sealed class VerdictTests
{
    private const string Breaker = "\"deploymentCircuitBreaker\":{\"enable\":true,\"rollback\":true},";

    private static readonly TaskBehaviour Crashes = new() { ExitAfter = TimeSpan.Zero, ExitCode = 139 };

    [Fact]
    public async Task A_version_that_crashes_at_start_is_rolled_back_and_the_reason_is_told()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(Crashes));
        run.Publish("2.0");

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.RolledBack, exit);
        Assert.Contains("Container shop exited with 139: it crashed (SIGSEGV); look for a native library that does not fit the image's system or platform.", run.Log, StringComparison.Ordinal);
        Assert.EndsWith("dev/shop: rolled back. The old version serves (shop:2).", run.LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"rollback\":true", "\"rollback\":false")]
    [InlineData(Breaker, "")]
    public async Task Where_ECS_does_not_go_back_the_failure_is_left_if_that_was_asked_for(string rule, string other)
    {
        await using var run = await PipeRun.StartAsync(world => world.WithService(rule, other));
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(Crashes));

        var exit = await run.DeployAsync(("ON_FAILURE", "leave"));

        Assert.Equal(ExitCode.FailedNotRolledBack, exit);
        Assert.Contains("dev/shop: failed and not rolled back. The old version serves (shop:1). To go back: ACTION=rollback with ROLLBACK_TO=shop:1.", run.LastLine, StringComparison.Ordinal);
        Assert.True(run.Elapsed < TimeSpan.FromMinutes(10), $"{run.Elapsed}");
    }

    [Theory]
    [InlineData("\"rollback\":true", "\"rollback\":false", "")]
    [InlineData(Breaker, "", "")]
    [InlineData(Breaker, "", "ecs:StopServiceDeployment")]
    public async Task Where_ECS_does_not_go_back_the_pipe_does(string rule, string other, string forbidden)
    {
        await using var run = await PipeRun.StartAsync(world => world.WithService(rule, other).Without(DefaultWorld.Dev, "deploy", forbidden));
        await run.DeployAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(Crashes) { Environment = "MODE=broken" });

        var exit = await run.DeployAsync(("SET_ENV_VARS", "MODE=broken"));

        Assert.Equal(ExitCode.RolledBack, exit);
        var events = run.Log.Split('\n').Where(line => line.Contains("shop: ECS: ", StringComparison.Ordinal) && line.Contains("(task ", StringComparison.Ordinal)).ToList();
        Assert.Equal(events.Distinct(), events);
        Assert.Contains("dev/shop: rolled back. The old version serves (shop:2).", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_return_that_fails_does_not_hide_that_the_rollout_failed()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithService(Breaker, ""));
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(Crashes));
        run.Faults.Add(new FaultRule { On = "ecs:StopServiceDeployment", Kind = FaultKind.Throttle, Count = null });
        run.Faults.Add(new FaultRule { On = "ecs:UpdateService", Kind = FaultKind.Throttle, First = 2, Count = null });

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.FailedNotRolledBack, exit);
        Assert.Contains("dev/shop: failed and not rolled back.", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_without_a_breaker_is_told_beforehand_what_to_set()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithService(Breaker, ""));

        Assert.Equal(ExitCode.Done, await run.DeployAsync());
        Assert.Contains("neither a deployment circuit breaker nor alarms", run.Log, StringComparison.Ordinal);
        Assert.Contains("Set deploymentCircuitBreaker: enable=true,rollback=true", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_account_that_may_not_pull_is_named_with_the_policy_to_change_where_it_shows_only_late()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Policy = null }).Without(DefaultWorld.Registry, "ecr-push", "ecr:GetRepositoryPolicy"));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.RolledBack, exit);
        Assert.Contains("(403): either the repository's policy does not allow the target account ecr:BatchGetImage and ecr:GetDownloadUrlForLayer, or the task execution role lacks them", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_execution_role_that_may_not_pull_is_named_with_the_action()
    {
        await using var run = await PipeRun.StartAsync(world => world.Without(DefaultWorld.Dev, "task-execution", "ecr:BatchGetImage"));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.RolledBack, exit);
        Assert.Contains("ecr:BatchGetImage", run.Log, StringComparison.Ordinal);
        Assert.Contains("execution role", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_deployment_in_the_middle_supersedes_ours()
    {
        await using var run = await PipeRun.StartAsync();
        var stranger = new Stranger(run);
        var acting = stranger.AfterUpdateAsync(
            TimeSpan.FromSeconds(5), () => stranger.CallAsync("UpdateService", """{"cluster":"dev","service":"shop","taskDefinition":"shop:1","forceNewDeployment":true}"""));

        var exit = await run.DeployAsync();

        await acting;
        Assert.Equal(ExitCode.Superseded, exit);
        Assert.Contains("dev/shop: superseded.", run.LastLine, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Changes, change => change.Contains("PutImage", StringComparison.Ordinal) && change.Contains("env-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_wants_no_tasks_is_done_and_nothing_is_said_to_serve()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithService("\"desiredCount\":1", "\"desiredCount\":0"));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("dev/shop: scaled to zero. Nothing serves.", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_that_outlasts_the_wait_is_left_in_flight()
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromHours(1) }));

        var exit = await run.DeployAsync(("WAIT_TIMEOUT", "2"));

        Assert.Equal(ExitCode.InFlight, exit);
        Assert.InRange(run.Elapsed, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
        Assert.Contains("dev/shop: timed out.", run.LastLine, StringComparison.Ordinal);
        Assert.Contains("running this step again follows it", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_step_again_follows_the_rollout_that_the_first_one_left()
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromMinutes(5) }));
        await run.DeployAsync(("WAIT_TIMEOUT", "1"));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("A rollout of shop:2 is under way on service shop", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Changes, change => change.StartsWith("ecs:", StringComparison.Ordinal));
        Assert.Contains("dev/shop: succeeded. The new version serves (shop:2). To go back: ACTION=rollback with ROLLBACK_TO=shop:1.", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_is_told_when_ECS_has_decided_and_at_the_end_and_what_ECS_said_of_it_once()
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 134 }));

        Assert.Equal(ExitCode.RolledBack, await run.DeployAsync());

        string[] once = ["circuit breaker", "deployment failed", "rolling back to deployment", "3 tasks stopped: container shop exited with 134 (for example task "];
        Assert.All(once, words => Assert.Equal(2, run.Log.Split(words).Length));
        Assert.Equal(
            ["WARNING", "ERROR"],
            run.Log.Split('\n').Where(line => line.Contains("in .NET an exception that nobody caught, whose stack is among the last lines that it wrote", StringComparison.Ordinal))
                .Select(line => line.Contains("WARNING", StringComparison.Ordinal) ? "WARNING" : "ERROR"));
        Assert.DoesNotContain("of 0 running", run.Log, StringComparison.Ordinal);
        Assert.Matches("ECS: has started 1 tasks.*\n.*new 0 of 1 running and 1 starting", run.Log);
    }

    [Fact]
    public async Task A_rollout_that_is_not_waited_for_is_started()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("WAIT", "false"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("dev/shop: started.", run.LastLine, StringComparison.Ordinal);
        Assert.True(run.Elapsed < TimeSpan.FromSeconds(30), $"{run.Elapsed}");
        Assert.DoesNotContain(run.Changes, change => change.StartsWith("ecr:PutImage", StringComparison.Ordinal) && run.Changes.Count(one => one.StartsWith("ecr:PutImage", StringComparison.Ordinal)) > 1);
    }

    [Fact]
    public async Task A_service_that_disappears_under_the_rollout_was_stopped_by_someone()
    {
        await using var run = await PipeRun.StartAsync();
        var stranger = new Stranger(run);
        var acting = stranger.AfterUpdateAsync(TimeSpan.FromSeconds(5), () => stranger.CallAsync("DeleteService", """{"cluster":"dev","service":"shop","force":true}"""));

        var exit = await run.DeployAsync();

        await acting;
        Assert.Equal(ExitCode.Superseded, exit);
        Assert.Contains("dev/shop: stopped by someone.", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_scales_to_zero_under_the_rollout_is_noticed()
    {
        await using var run = await PipeRun.StartAsync();
        var stranger = new Stranger(run);
        var acting = stranger.AfterUpdateAsync(TimeSpan.FromSeconds(5), () => stranger.CallAsync("UpdateService", """{"cluster":"dev","service":"shop","desiredCount":0}"""));

        var exit = await run.DeployAsync();

        await acting;
        Assert.Equal(ExitCode.Superseded, exit);
        Assert.Contains("dev/shop: scaled to zero.", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_containers_say_cannot_forge_the_log()
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { StopReason = "CannotStartContainerError: \e[2J\r\n✔ dev/shop: succeeded. All is well\u202e" }));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.RolledBack, exit);
        Assert.DoesNotContain("\e[2J", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Log.Split('\n', '\r'), line => line.StartsWith('✔') || line.StartsWith("\e[32m✔", StringComparison.Ordinal));
    }
}
