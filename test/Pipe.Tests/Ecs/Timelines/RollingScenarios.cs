using EcsDeploy;

namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Rolling deployments, seen through service deployments.</summary>
internal static class RollingScenarios
{
    private const string BreakerRollback = "Service deployment rolled back because the circuit breaker threshold was exceeded.";

    private static readonly Dep OldGoing = Scenario.Old with { Status = "ACTIVE" };

    private static readonly Dep OldBack = Scenario.Old with { Reason = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1." };

    public static IEnumerable<Scenario> All =>
    [
        new("a plain success", "succeeded", ExitCode.Done)
        {
            Source = "GD prints nothing meanwhile", Shows = ["4.2 silent"], DecidedAt = 60,
            Frames = [Rolling(0, 0), Rolling(30, 1), Rolling(60, 2, "SUCCESSFUL", old: 2), Rolling(360, 2, "SUCCESSFUL", old: 0)],
        },
        new("a success whose old tasks drain for forty minutes", "succeeded", ExitCode.Done)
        {
            Source = "(f): waits until old tasks are drained; the deregistration delay can be an hour", Shows = ["4.1 (f)", "4.2 (f)"], DecidedAt = 60,
            Frames = [Rolling(0, 0), Rolling(30, 1), Rolling(60, 2, "SUCCESSFUL", old: 2), Rolling(2460, 2, "SUCCESSFUL", old: 0)],
        },
        new("an answer without deployments in between", "succeeded", ExitCode.Done)
        {
            Source = "ServicesStable (i): a JMESPath type error", Shows = ["4.1 (i)"], DecidedAt = 60,
            Frames = [Rolling(0, 0), Rolling(10, 0) with { WithoutDeployments = true }, Rolling(40, 1), Rolling(60, 2, "SUCCESSFUL", old: 0)],
        },
        new("the answer to UpdateService has no PRIMARY yet", "rolled back", ExitCode.RolledBack)
        {
            Source = "GD: without that id its check is left out", Shows = ["4.2 no id"], AnswerLacksPrimary = true, DecidedAt = 90, Reason = "exited with 139",
            Frames = [Rolling(0, 0), Rolling(30, 0, stopped: 139), Broken(90, "ROLLBACK_IN_PROGRESS"), Broken(130, "ROLLBACK_SUCCESSFUL")],
        },
        new("one stale read after it was stable", "succeeded", ExitCode.Done)
        {
            Source = "GD: its one look for the id may be stale", Shows = ["4.2 stale"], StaleAt = 75.05, DecidedAt = 60,
            Frames = [Rolling(0, 0), Rolling(30, 1), Rolling(60, 2, "SUCCESSFUL", old: 0)],
        },
        new("a success seen late by lagging reads", "succeeded", ExitCode.Done)
        {
            Source = "(d); ecs.md §6, eventual consistency", Shows = ["4.1 (d)", "4.2 (d)"], Lag = 6, DecidedAt = 66,
            Frames = [Rolling(0, 0), Rolling(60, 2, "SUCCESSFUL", old: 0)],
        },
        new("rolled back by the breaker", "rolled back", ExitCode.RolledBack)
        {
            Source = "(a); GD#191; neither GD nor ecspresso says why", Shows = ["4.1 (a)", "4.2 no cause", "4.3 (8)"], DecidedAt = 90, Reason = "exited with 139",
            Frames = [Rolling(0, 0), Rolling(30, 0, stopped: 139), Broken(90, "ROLLBACK_REQUESTED"), Broken(100, "ROLLBACK_IN_PROGRESS"), Broken(130, "ROLLBACK_SUCCESSFUL")],
        },
        new("a forced rollout of the same definition rolled back", "rolled back", ExitCode.RolledBack)
        {
            Source = "ecspresso (1): confirmPrimaryTD passes", Shows = ["4.1 (a)", "4.3 (1)"], SameDefinition = true, DecidedAt = 90, Reason = "exited with 1",
            Frames = [.. new[] { Rolling(0, 0), Rolling(30, 0, stopped: 1), Broken(90, "ROLLBACK_IN_PROGRESS", code: 1), Broken(130, "ROLLBACK_SUCCESSFUL", code: 1) }.Select(Same)],
        },
        new("rolled back within seconds", "rolled back", ExitCode.RolledBack)
        {
            Source = "ecspresso (2): a deployment that already rolls back is not IN_PROGRESS", Shows = ["4.3 (2)"], SameDefinition = true, DecidedAt = 2, Reason = "exited with 1",
            Frames = [.. new[] { Rolling(0, 0), Broken(2, "ROLLBACK_IN_PROGRESS", code: 1), Broken(8, "ROLLBACK_SUCCESSFUL", code: 1) }.Select(Same)],
        },
        new("rolled back between two looks", "rolled back", ExitCode.RolledBack)
        {
            Source = "the end may come before anybody saw the rollout stand there", DecidedAt = 1.5, Reason = "exited with 1",
            Frames = [Rolling(0, 0), Broken(0.5, "ROLLBACK_IN_PROGRESS", code: 1), Broken(1.5, "ROLLBACK_SUCCESSFUL", code: 1)],
        },
        new("still pending for a quarter of a minute", "succeeded", ExitCode.Done)
        {
            Source = "ecspresso (2): PENDING is not IN_PROGRESS", Shows = ["4.3 (2)"], DecidedAt = 80,
            Frames = [Rolling(0, 0, "PENDING"), Rolling(15, 0), Rolling(80, 2, "SUCCESSFUL", old: 0)],
        },
        new("pending, then rolled back", "rolled back", ExitCode.RolledBack)
        {
            Source = "ecspresso (2) and (1) together", Shows = ["4.3 (1)", "4.3 (2)"], SameDefinition = true, DecidedAt = 60, Reason = "exited with 1",
            Frames = [.. new[] { Rolling(0, 0, "PENDING"), Rolling(15, 0), Broken(60, "ROLLBACK_IN_PROGRESS", code: 1), Broken(90, "ROLLBACK_SUCCESSFUL", code: 1) }.Select(Same)],
        },
        new("the runner's clock is a minute ahead", "rolled back", ExitCode.RolledBack)
        {
            Source = "ecspresso (3): createdAt against the runner's clock", Shows = ["4.3 (3)"], ClockAhead = 60, SameDefinition = true, DecidedAt = 60, Reason = "exited with 1",
            Frames = [.. new[] { Rolling(0, 0), Broken(60, "ROLLBACK_IN_PROGRESS", code: 1), Broken(90, "ROLLBACK_SUCCESSFUL", code: 1) }.Select(Same)],
        },
        new("failed where the breaker does not roll back", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "(e): FAILED burns the whole wait", Shows = ["4.1 (e)", "4.2 (e)", "4.2 timeout"], Configuration = Scenario.Breaker(rollback: false), DecidedAt = 90, Reason = "exited with 137",
            Frames = [Rolling(0, 0), Rolling(30, 0, stopped: 137), StoppedAt(90, "Service deployment stopped because the circuit breaker threshold was exceeded.", 137)],
        },
        new("the rollback failed too", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "service deployment states", DecidedAt = 90, Reason = "exited with 1",
            Frames = [Rolling(0, 0), Broken(90, "ROLLBACK_IN_PROGRESS", code: 1), Broken(130, "ROLLBACK_FAILED", code: 1)],
        },
        new("no rollback candidate", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "containers-roadmap#1488: no completed deployment to go to; ecspresso says STOPPED", Shows = ["4.6 STOPPED"], DecidedAt = 90, Reason = "exited with 1",
            Frames = [Rolling(0, 0), StoppedAt(90, "No rollback candidate was found to run the rollback.", 1)],
        },
        new("an alarm rolls back", "rolled back", ExitCode.RolledBack)
        {
            Source = "alarms", Configuration = Scenario.Alarms(rollback: true), DecidedAt = 200, Reason = "Alarm 5xx went off",
            Frames = [Rolling(0, 0), Rolling(60, 2), Alarmed(200, "ROLLBACK_REQUESTED"), Alarmed(260, "ROLLBACK_SUCCESSFUL")],
        },
        new("an alarm stops without rolling back", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "stoppedAt (ECS model)", Configuration = Scenario.Alarms(rollback: false), DecidedAt = 200, Reason = "Alarm 5xx went off",
            Frames = [Rolling(0, 0), Rolling(60, 2), Alarmed(200, "STOPPED") with { Deployments = [New(2, "FAILED"), OldGoing] }],
        },
        new("the alarm watches on after the tasks are up", "succeeded", ExitCode.Done)
        {
            Source = "alarms: MONITORING until bake time is over", Configuration = Scenario.Alarms(rollback: true), DecidedAt = 400,
            Frames = [Rolling(0, 0), Rolling(60, 2), Rolling(400, 2, "SUCCESSFUL", old: 0)],
        },
    ];

    public static Dep New(int running, string? state = "IN_PROGRESS", int failed = 0) => new("ecs-svc/2", "PRIMARY", "web:2", running) { State = state, Failed = failed };

    /// <summary>Our deployment on its way.</summary>
    public static Frame Rolling(double at, int running, string status = "IN_PROGRESS", int? old = null, int? stopped = null)
    {
        var done = status == "SUCCESSFUL";
        return new Frame
        {
            At = at,
            Deployments = [
                New(running, done ? "COMPLETED" : "IN_PROGRESS", stopped is null ? 0 : 1),
                .. old == 0 ? Array.Empty<Dep>() : [OldGoing with { Running = old ?? (2 - (running / 2)) }],
            ],
            Current = "sd-2",
            ServiceDeployments = [Scenario.OldSd, new Sd("sd-2", status) { Running = running }],
            Stopped = stopped is { } code ? Stopped.Exited(code, 1) : [],
        };
    }

    /// <summary>The breaker went off and ECS goes back.</summary>
    public static Frame Broken(double at, string status, int code = 139) => new()
    {
        At = at,
        Deployments = status == "ROLLBACK_SUCCESSFUL"
            ? [OldBack with { State = "COMPLETED" }]
            : [OldBack with { State = "IN_PROGRESS" }, New(0, "FAILED", 3) with { Status = "ACTIVE", Reason = "ECS deployment circuit breaker: tasks failed to start." }],
        Current = "sd-2",
        ServiceDeployments = [Scenario.OldSd, new Sd("sd-2", status) { Reason = BreakerRollback, Breaker = 3 }],
        Stopped = Stopped.Exited(code, 3),
        Events = ["(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.", "(service web) rolling back to deployment ecs-svc/1."],
    };

    /// <summary>So many tasks ran and crashed; ECS does not count that, it starts others and says so.</summary>
    public static Frame Crashed(double at, int code, int tasks, int running = 0) => Rolling(at, running) with
    {
        Stopped = Stopped.Exited(code, tasks),
        Events = [.. Enumerable.Range(1, tasks).Select(i => $"(service web) has started 1 tasks: (task again{i}).")],
    };

    /// <summary>Stopped where nothing was rolled back.</summary>
    public static Frame StoppedAt(double at, string reason, int? code) => new()
    {
        At = at,
        Deployments = [New(0, "FAILED", 3), OldGoing],
        Current = "sd-2",
        ServiceDeployments = [Scenario.OldSd, new Sd("sd-2", "STOPPED") { Reason = reason, Breaker = code is null ? null : 3 }],
        Stopped = code is { } exit ? Stopped.Exited(exit, 3) : [],
    };

    private static Frame Alarmed(double at, string status) => new()
    {
        At = at,
        Deployments = status == "ROLLBACK_SUCCESSFUL" ? [OldBack with { State = "COMPLETED", Reason = null }] : [OldBack with { State = "IN_PROGRESS" }, New(2, "FAILED") with { Status = "ACTIVE" }],
        Current = "sd-2",
        ServiceDeployments = [Scenario.OldSd, new Sd("sd-2", status) { Alarm = "5xx", Reason = "Service deployment rolled back because of a CloudWatch alarm." }],
    };

    /// <summary>The same with the definition that ran before.</summary>
    public static Frame Same(Frame frame) => frame with
    {
        Deployments = [.. frame.Deployments.Select(item => item with { Def = "web:1" })],
        ServiceDeployments = [.. frame.ServiceDeployments.Select(item => item with { Def = "web:1" })],
    };
}
