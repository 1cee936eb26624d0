using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class DiagnosisTests
{
    [Fact]
    public void The_cause_comes_first_then_the_breaker_then_what_was_counted()
    {
        var reasons = Of(new Sd("sd-2", "ROLLBACK_IN_PROGRESS") { Breaker = 3 }, Stopped.Exited(137, 3));

        Assert.Equal("Container web exited with 137: it was killed (SIGKILL): out of memory (its limit is 512 MiB), or it did not end within stopTimeout.", reasons[0]);
        Assert.Equal("The circuit breaker counted 3 of 3 failures.", reasons[1]);
        Assert.StartsWith("3 tasks stopped: container web exited with 137", reasons[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "must keep running")]
    [InlineData(1, "ended with an error")]
    [InlineData(127, "not found in the image")]
    [InlineData(134, "nobody caught")]
    [InlineData(137, "out of memory")]
    [InlineData(139, "SIGSEGV")]
    [InlineData(143, "SIGTERM")]
    [InlineData(42, "an error of its own")]
    public void An_exit_code_comes_with_its_usual_meaning(int code, string meaning) =>
        Assert.Contains(meaning, Of(null, Stopped.Exited(code, 1))[0], StringComparison.Ordinal);

    [Fact]
    public void Groups_are_counted_the_largest_first()
    {
        var stopped = Stopped.Exited(1, 2).Concat(Stopped.Exited(139, 5).Skip(2)).ToArray();

        var counted = Of(null, stopped).Where(line => line.Contains("stopped:", StringComparison.Ordinal)).ToList();

        Assert.Collection(
            counted,
            line => Assert.StartsWith("3 tasks stopped: container web exited with 139", line, StringComparison.Ordinal),
            line => Assert.StartsWith("2 tasks stopped: container web exited with 1:", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_group_names_a_task_to_look_at()
    {
        var counted = Of(null, [.. Stopped.Exited(1, 2), .. Stopped.Exited(139, 3).Skip(2)]).Where(line => line.Contains("stopped:", StringComparison.Ordinal)).ToList();

        Assert.EndsWith(" (for example task stopped1)", counted[0], StringComparison.Ordinal);
        Assert.EndsWith(" (task stopped3)", counted[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_that_a_deployment_scaled_away_are_no_failures()
    {
        var scaled = Stopped.Unhealthy("Scaling activity initiated by (deployment ecs-svc/2)", 2);

        Assert.DoesNotContain(scaled, task => new TaskState(task).Failed);
        Assert.All(Stopped.Unhealthy("Task failed ELB health checks in (target-group x)", 1), task => Assert.True(new TaskState(task).Failed));
    }

    [Fact]
    public void Hostile_text_is_one_clean_line()
    {
        var reasons = Of(null, Stopped.NotStarted("boom\u001b[31m\nForged: all is well\u2028" + new string('x', 5000), 1));

        Assert.All(reasons, line => Assert.DoesNotContain(line, char.IsControl));
        Assert.All(reasons, line => Assert.InRange(line.Length, 1, 1400));
    }

    [Fact]
    public void An_event_explains_where_no_task_ever_started()
    {
        var frame = RollingScenarios.Rolling(0, 0) with { Events = ["(service web) was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster."] };

        var reasons = Diagnosis.Of(new Verdict.TimedOut { After = TimeSpan.FromMinutes(30) }, Look(frame, null, []), Ours);

        Assert.Equal("The cluster has no container instances that could take the task.", reasons[0]);
    }

    [Fact]
    public void A_success_needs_no_reason() =>
        Assert.Empty(Diagnosis.Of(new Verdict.Succeeded(), Look(RollingScenarios.Rolling(0, 2), null, Stopped.Exited(1, 1)), Ours));

    private static OurRollout Ours => new()
    {
        Before = new ServiceState(new Frame { Deployments = [Scenario.Old] }.Service(Scenario.Unguarded())),
        DeploymentId = "ecs-svc/2",
        TaskDefinition = "web:2",
    };

    private static IReadOnlyList<string> Of(Sd? deployment, JsonObject[] stopped) =>
        Diagnosis.Of(new Verdict.RolledBack(), Look(RollingScenarios.Rolling(0, 0), deployment, stopped), Ours);

    private static Observation Look(Frame frame, Sd? deployment, JsonObject[] stopped) => new()
    {
        Service = new ServiceState(frame.Service(Scenario.Unguarded())),
        ServiceDeployment = deployment is null ? null : new ServiceDeploymentState(deployment.Json()),
        FailedTasks = [.. stopped.Select(task => new TaskState(task))],
        Elapsed = TimeSpan.Zero,
    };
}
