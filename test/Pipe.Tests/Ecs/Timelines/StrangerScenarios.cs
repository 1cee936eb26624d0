using EcsDeploy;

namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Rollouts that somebody else changes under us, and services whose count moves.</summary>
internal static class StrangerScenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("superseded by another pipeline", "superseded", ExitCode.Superseded)
        {
            Source = "(b); GD says rolled back; ecspresso#929", Reason = "took the place of this one: web:3, deployment ecs-svc/3", Shows = ["4.1 (b)", "4.2 superseded", "4.6 STOPPED"], DecidedAt = 30,
            Frames = [RollingScenarios.Rolling(0, 0), Stranger(30, "STOPPED"), StrangerDone(90)],
        },
        new("superseded by a forced rollout of the same definition", "superseded", ExitCode.Superseded)
        {
            Source = "(b); GD says rolled back", Reason = "took the place of this one: web:2, deployment ecs-svc/3", Shows = ["4.1 (b)", "4.2 superseded"], DecidedAt = 30,
            Frames = [.. new[] { RollingScenarios.Rolling(0, 0), Stranger(30, "STOPPED"), StrangerDone(90) }.Select(OfOurs)],
        },
        new("superseded before our service deployment could be seen", "superseded", ExitCode.Superseded)
        {
            Source = "ecspresso (6): newest wins follows somebody else's", Reason = "took the place of this one: web:2, deployment ecs-svc/3", Shows = ["4.3 (6)"], DecidedAt = 1,
            Frames =
            [
                RollingScenarios.Rolling(0, 0) with { Current = "sd-1", ServiceDeployments = [Scenario.OldSd] },
                .. new[] { Stranger(1, "STOPPED"), StrangerDone(60) }.Select(OfOurs),
            ],
        },
        new("superseded, and the other one rolled back", "superseded", ExitCode.Superseded)
        {
            Source = "the other's fate is not ours", Reason = "took the place of this one: web:3, deployment ecs-svc/3", DecidedAt = 30,
            Frames = [RollingScenarios.Rolling(0, 0), Stranger(30, "STOPPED"), RollingScenarios.Broken(90, "ROLLBACK_SUCCESSFUL") with
            {
                Deployments = [Scenario.Old], Current = "sd-3", ServiceDeployments = [Scenario.OldSd, Ours("STOPPED"), new Sd("sd-3", "ROLLBACK_SUCCESSFUL") { Def = "web:3" }],
            }],
        },
        new("stopped from the console without rolling back", "stopped by someone", ExitCode.Superseded)
        {
            Source = "STOPPED has three meanings; ecspresso gives one", Reason = "stopped by user", Shows = ["4.6 STOPPED"], DecidedAt = 40,
            Frames = [RollingScenarios.Rolling(0, 0), RollingScenarios.StoppedAt(40, "Service deployment stopped by user.", null)],
        },
        new("stopped from the console with rolling back", "rolled back", ExitCode.RolledBack)
        {
            Source = "ecspresso (7): STOP_REQUESTED is not the end", Shows = ["4.3 (7)"], DecidedAt = 50, Reason = "ECS said",
            Frames =
            [
                RollingScenarios.Rolling(0, 0), RollingScenarios.Rolling(40, 0, "STOP_REQUESTED"),
                .. new[] { RollingScenarios.Broken(50, "ROLLBACK_IN_PROGRESS"), RollingScenarios.Broken(80, "ROLLBACK_SUCCESSFUL") }.Select(ByHand),
            ],
        },
        new("scaled to zero from the start", "scaled to zero", ExitCode.Done)
        {
            Source = "GD#191: nothing is said of it", DecidedAt = 5,
            Before = new Frame { At = double.NegativeInfinity, Desired = 0, Deployments = [Scenario.Old with { Running = 0, Desired = 0 }], Current = "sd-1", ServiceDeployments = [Scenario.OldSd] },
            Frames = [None(0, "IN_PROGRESS"), None(5, "SUCCESSFUL")],
        },
        new("scaled to zero in the middle", "scaled to zero", ExitCode.Superseded)
        {
            Source = "(c); GD#191", Shows = ["4.1 (c)"], DecidedAt = 45,
            Frames = [RollingScenarios.Rolling(0, 0), None(30, "IN_PROGRESS"), None(45, "SUCCESSFUL")],
        },
        new("autoscaling moves the count all the time", "succeeded", ExitCode.Done)
        {
            Source = "(h); fabfuel#174", Shows = ["4.1 (h)", "4.2 (h)"], DecidedAt = 100,
            Frames =
            [
                RollingScenarios.Rolling(0, 0), RollingScenarios.Rolling(30, 2) with { Desired = 5 }, RollingScenarios.Rolling(100, 3, "SUCCESSFUL", old: 0) with { Desired = 6 },
                .. Enumerable.Range(0, 60).Select(i => RollingScenarios.Rolling(110 + (i * 30), 4 + (i % 3), "SUCCESSFUL", old: 0) with { Desired = 6 + (i % 3) }),
            ],
        },
        new("the service is deleted in the middle", "stopped by someone", ExitCode.Superseded)
        {
            Source = "DRAINING", DecidedAt = 40, Reason = "being deleted",
            Frames = [RollingScenarios.Rolling(0, 0), RollingScenarios.Rolling(40, 0) with { Status = "DRAINING" }, RollingScenarios.Rolling(60, 0) with { Status = "INACTIVE" }],
        },
        new("the service is gone in the middle", "stopped by someone", ExitCode.Superseded)
        {
            Source = "ecspresso (4): not found is no need to wait", Shows = ["4.3 (4)"], DecidedAt = 40, Reason = "deleted it",
            Frames = [RollingScenarios.Rolling(0, 0), RollingScenarios.Rolling(40, 0) with { Status = "MISSING" }],
        },
        new("the service is missing for a moment", "succeeded", ExitCode.Done)
        {
            Source = "ecs-deployment-monitor#2: three not-found reads", DecidedAt = 60,
            Frames = [RollingScenarios.Rolling(0, 0) with { Status = "MISSING" }, RollingScenarios.Rolling(6, 0), RollingScenarios.Rolling(60, 2, "SUCCESSFUL", old: 0)],
        },
        new("the first deployment over a placeholder that never ran", "succeeded", ExitCode.Done)
        {
            Source = "placeholder image", DecidedAt = 60,
            Before = new Frame
            {
                At = double.NegativeInfinity, Current = "sd-1", ServiceDeployments = [new Sd("sd-1", "IN_PROGRESS") { Def = "web:1" }],
                Deployments = [Scenario.Old with { Running = 0, State = "IN_PROGRESS" }],
            },
            Frames = [RollingScenarios.Rolling(0, 0, old: 0), RollingScenarios.Rolling(60, 2, "SUCCESSFUL", old: 0)],
        },
        new("somebody else's rollout was in flight at the start", "succeeded", ExitCode.Done)
        {
            Source = "their service deployment stands there first", DecidedAt = 60,
            Before = new Frame
            {
                At = double.NegativeInfinity, Current = "sd-0", ServiceDeployments = [Scenario.OldSd, new Sd("sd-0", "IN_PROGRESS") { Def = "web:9" }],
                Deployments = [new Dep("ecs-svc/9", "PRIMARY", "web:9", 0), Scenario.Old with { Status = "ACTIVE" }],
            },
            Frames =
            [
                RollingScenarios.Rolling(0, 0) with { Current = "sd-0", ServiceDeployments = [Scenario.OldSd, new Sd("sd-0", "STOPPED") { Def = "web:9", Reason = "Replaced by a new service deployment." }] },
                RollingScenarios.Rolling(4, 0), RollingScenarios.Rolling(60, 2, "SUCCESSFUL", old: 0),
            ],
        },
        new("nothing ever comes of it", "timed out", ExitCode.InFlight)
        {
            Source = "no capacity", Reason = "no container instances",
            Frames = [RollingScenarios.Rolling(0, 0) with { Events = ["(service web) was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster."] }],
        },
        new("no breaker, no alarms, tasks that crash for ever", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "(e): ECS never decides", Shows = ["4.1 (e)", "4.2 (e)"], Configuration = Scenario.Unguarded(), DecidedAt = 60, Reason = "exited with 134",
            Frames = [RollingScenarios.Rolling(0, 0), RollingScenarios.Crashed(30, 134, 2), RollingScenarios.Crashed(60, 134, 3)],
        },
        new("no breaker, two tasks crash and then all is well", "succeeded", ExitCode.Done)
        {
            Source = "half of the tasks, at least three", Configuration = Scenario.Unguarded(), DecidedAt = 200,
            Frames =
            [
                RollingScenarios.Rolling(0, 0), RollingScenarios.Crashed(30, 1, 2),
                RollingScenarios.Rolling(200, 2, "SUCCESSFUL", old: 0) with { Stopped = Stopped.Exited(1, 2) },
            ],
        },
        new("no breaker, crashes with long healthy times between", "succeeded", ExitCode.Done)
        {
            Source = "resetOnHealthyTask: a healthy task resets the count", Configuration = Scenario.Unguarded(), DecidedAt = 600,
            Frames =
            [
                RollingScenarios.Rolling(0, 0), RollingScenarios.Crashed(30, 1, 2, running: 1),
                RollingScenarios.Crashed(300, 1, 3, running: 1), RollingScenarios.Rolling(600, 2, "SUCCESSFUL", old: 0) with { Stopped = Stopped.Exited(1, 3) },
            ],
        },
    ];

    /// <summary>Another rollout took the first place.</summary>
    public static Frame Stranger(double at, string ours) => new()
    {
        At = at,
        Deployments = [new Dep("ecs-svc/3", "PRIMARY", "web:3", 0), RollingScenarios.New(0) with { Status = "ACTIVE" }, Scenario.Old with { Status = "ACTIVE" }],
        Current = "sd-3",
        ServiceDeployments = [Scenario.OldSd, Ours(ours), new Sd("sd-3", "IN_PROGRESS") { Def = "web:3" }],
    };

    public static Frame StrangerDone(double at) => new()
    {
        At = at,
        Deployments = [new Dep("ecs-svc/3", "PRIMARY", "web:3", 2) { State = "COMPLETED" }],
        Current = "sd-3",
        ServiceDeployments = [Scenario.OldSd, Ours("STOPPED"), new Sd("sd-3", "SUCCESSFUL") { Def = "web:3" }],
    };

    private static Sd Ours(string status) => new("sd-2", status) { Reason = status == "STOPPED" ? "Replaced by a new service deployment." : null };

    private static Frame OfOurs(Frame frame) => frame with
    {
        Deployments = [.. frame.Deployments.Select(item => item.Id == "ecs-svc/3" ? item with { Def = "web:2" } : item)],
        ServiceDeployments = [.. frame.ServiceDeployments.Select(item => item.Name == "sd-3" ? item with { Def = "web:2" } : item)],
    };

    private static Frame ByHand(Frame frame) => frame with
    {
        Stopped = [],
        Events = [],
        ServiceDeployments = [.. frame.ServiceDeployments.Select(item => item.Name == "sd-2" ? item with { Breaker = null, Reason = "Service deployment rollback was requested by a user." } : item)],
    };

    private static Frame None(double at, string status)
    {
        var frame = RollingScenarios.Rolling(at, 0, status, old: 0);
        return frame with { Desired = 0, Deployments = [frame.Deployments[0] with { Desired = 0 }] };
    }
}
