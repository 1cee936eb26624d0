using EcsDeploy;
using Sandbox.Ecs.Engine;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Rollouts that last longer than the step's token and the sessions that it bought.</summary>
public sealed class LongRunTests
{
    [Fact]
    public async Task What_ran_longer_than_the_token_is_recorded_all_the_same()
    {
        await using var run = await PipeRun.StartAsync(world => Longer(Longer(world, DefaultWorld.Registry, "ecr-push"), DefaultWorld.Dev, "deploy"));
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromMinutes(70) }) { Image = Step.Repository });

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("WAIT_TIMEOUT", "110")));

        Assert.Contains("Recording in the registry that this digest runs in dev", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be recorded", run.Log, StringComparison.Ordinal);
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour()));
        Assert.Equal(ExitCode.Done, await run.PromoteAsync(("IMAGE", "from:dev"), ("PROMOTE_FROM", "dev")));
    }

    [Fact]
    public async Task A_rollout_that_outlives_every_session_is_said_to_be_in_flight()
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromHours(5) }) { Image = Step.Repository });

        Assert.Equal(ExitCode.InFlight, await run.DeployAsync(("WAIT_TIMEOUT", "360")));

        Assert.Contains("dev/shop: not seen to its end.", run.LastLine, StringComparison.Ordinal);
        Assert.Contains("running this step again follows it", run.LastLine, StringComparison.Ordinal);
    }

    private static World Longer(World world, string account, string role) => world.WithRole(account, role, one => one with { MaxSessionDuration = TimeSpan.FromHours(2) });
}
