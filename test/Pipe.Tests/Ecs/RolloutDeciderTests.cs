using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>Design §6.6: nothing to do only if the definition is equal, the latest rollout succeeded, running = desired > 0 and the tasks have that digest.</summary>
public sealed class RolloutDeciderTests
{
    private static readonly string Digest = "sha256:" + new string('a', 64);

    private static readonly string Child = "sha256:" + new string('b', 64);

    [Fact]
    public async Task Another_definition_is_rolled() =>
        Assert.IsType<RolloutDecision.Update>(await DecideAsync(Steady, definition: "web:2"));

    [Fact]
    public async Task What_runs_steadily_with_the_same_digest_is_nothing_to_do() =>
        Assert.IsType<Verdict.NothingToDo>(Assert.IsType<RolloutDecision.Nothing>(await DecideAsync(Steady, tasks: [Digest, Digest])).Verdict);

    [Fact]
    public async Task A_child_of_our_index_is_ours() =>
        Assert.IsType<RolloutDecision.Nothing>(await DecideAsync(Steady, tasks: [Child]));

    [Fact]
    public async Task Tasks_that_say_no_digest_do_not_cause_a_rollout() =>
        Assert.IsType<RolloutDecision.Nothing>(await DecideAsync(Steady, tasks: [null]));

    [Theory]
    [InlineData("1 running container(s) do not say which image digest they have", true)]
    [InlineData("No running task of this definition was seen", false)]
    [InlineData("Whether the running tasks have this image was not seen: User: arn:aws:sts::222222222222:assumed-role/deploy/s is not authorized to perform: ecs:ListTasks", false, "ListTasks")]
    [InlineData("Whether the running tasks have this image was not seen: User: arn:aws:sts::222222222222:assumed-role/deploy/s is not authorized to perform: ecs:DescribeTasks", true, "DescribeTasks")]
    public async Task What_cannot_be_seen_is_no_rollout_and_is_said(string remark, bool silent, params string[] denied)
    {
        var decision = Assert.IsType<RolloutDecision.Nothing>(await DecideAsync(Steady, tasks: silent ? [null] : [], denied: denied));

        Assert.IsType<Verdict.NothingToDo>(decision.Verdict);
        Assert.StartsWith(remark, Assert.Single(decision.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_seen_leaves_nothing_to_say() =>
        Assert.Empty(Assert.IsType<RolloutDecision.Nothing>(await DecideAsync(Steady, tasks: [Digest])).Remarks);

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Another_desired_count_alone_is_no_rollout(int count) =>
        Assert.Equal(count, Assert.IsType<RolloutDecision.Scale>(await DecideAsync(Steady, tasks: [Digest], count: count)).Count);

    [Fact]
    public async Task A_service_that_wanted_no_tasks_is_scaled_up_without_a_rollout() =>
        Assert.Equal(2, Assert.IsType<RolloutDecision.Scale>(await DecideAsync(With(Scenario.Old with { Running = 0, Desired = 0 }) with { Desired = 0 }, count: 2)).Count);

    [Fact]
    public async Task Another_desired_count_does_not_keep_another_image_from_being_rolled() =>
        Assert.True(Assert.IsType<RolloutDecision.Update>(await DecideAsync(Steady, tasks: ["sha256:" + new string('c', 64)], count: 3)).Force);

    [Fact]
    public async Task A_daemon_has_no_desired_count_to_change() =>
        Assert.IsType<Verdict.NothingToDo>(Assert.IsType<RolloutDecision.Nothing>(await DecideAsync(Steady, tasks: [Digest], count: 5, daemon: true)).Verdict);

    [Fact]
    public async Task Running_tasks_with_another_digest_are_rolled_by_force() =>
        Assert.True(Assert.IsType<RolloutDecision.Update>(await DecideAsync(Steady, tasks: [Digest, "sha256:" + new string('c', 64)])).Force);

    [Fact]
    public async Task A_rollout_in_flight_for_the_same_definition_is_adopted() =>
        Assert.Equal("ecs-svc/1", Assert.IsType<RolloutDecision.Adopt>(await DecideAsync(With(Scenario.Old with { State = "IN_PROGRESS" }))).DeploymentId);

    [Fact]
    public async Task A_rollout_in_flight_is_adopted_even_when_a_new_one_is_forced() =>
        Assert.IsType<RolloutDecision.Adopt>(await DecideAsync(With(Scenario.Old with { State = "IN_PROGRESS" }), force: true));

    [Fact]
    public async Task A_failed_rollout_of_the_same_definition_is_rolled_again() =>
        Assert.True(Assert.IsType<RolloutDecision.Update>(await DecideAsync(With(Scenario.Old with { State = "FAILED" }))).Force);

    [Fact]
    public async Task Missing_tasks_are_rolled_again() =>
        Assert.True(Assert.IsType<RolloutDecision.Update>(await DecideAsync(With(Scenario.Old with { Running = 1 }))).Force);

    [Fact]
    public async Task Force_rolls_although_nothing_changed() =>
        Assert.True(Assert.IsType<RolloutDecision.Update>(await DecideAsync(Steady, force: true)).Force);

    [Fact]
    public async Task A_service_that_wants_no_tasks_is_said_to_be_scaled_to_zero() =>
        Assert.IsType<Verdict.ScaledToZero>(
            Assert.IsType<RolloutDecision.Nothing>(await DecideAsync(With(Scenario.Old with { Running = 0, Desired = 0 }) with { Desired = 0 })).Verdict);

    [Theory]
    [InlineData("SUCCESSFUL", typeof(RolloutDecision.Nothing))]
    [InlineData("ROLLBACK_SUCCESSFUL", typeof(RolloutDecision.Nothing))]
    [InlineData("STOPPED", typeof(RolloutDecision.Update))]
    [InlineData("ROLLBACK_FAILED", typeof(RolloutDecision.Update))]
    [InlineData("IN_PROGRESS", typeof(RolloutDecision.Adopt))]
    [InlineData("PENDING", typeof(RolloutDecision.Adopt))]
    public async Task Without_a_rollout_state_the_last_service_deployment_tells(string status, Type decision) =>
        Assert.IsType(decision, await DecideAsync(With(Scenario.Old with { State = null }) with { ServiceDeployments = [new Sd("sd-1", status)] }, tasks: [Digest]));

    private static Frame Steady => With(Scenario.Old);

    private static Frame With(Dep deployment) => new() { Deployments = [deployment], Current = "sd-1", ServiceDeployments = [Scenario.OldSd] };

    private static async Task<RolloutDecision> DecideAsync(Frame frame, string definition = "web:1", bool force = false, string?[]? tasks = null, string[]? denied = null, int? count = null, bool daemon = false)
    {
        var clock = new JumpingClock();
        var scenario = new Scenario("", "", default)
        {
            Frames = [frame],
            Before = frame,
            Denied = denied ?? [],
            RunningTasks = [.. (tasks ?? []).Select((digest, i) => Stopped.Running($"run{i}", digest, "web:1"))],
        };
        var wire = new ScriptedEcs(scenario, clock);
        var ecs = new EcsClient(wire.CallAsync, wire.CallAsync, new CallBudget(clock));
        var service = frame.Service(Scenario.Breaker(rollback: true));
        service["schedulingStrategy"] = daemon ? "DAEMON" : "REPLICA";
        var request = new RolloutRequest
        {
            Service = new ServiceState(service),
            DesiredCount = count,
            TaskDefinition = Frame.Definition(definition),
            Image = new PushedImage
            {
                Repository = EcrRepository.TryParse(Some.Repository, out var repository) ? repository : null!,
                Digest = EcsDeploy.Names.Digest.Parse(Digest),
                Children = [EcsDeploy.Names.Digest.Parse(Child)],
            },
            Containers = ["web"],
        };
        return await new RolloutDecider(ecs).DecideAsync(request, force, TestContext.Current.CancellationToken);
    }
}
