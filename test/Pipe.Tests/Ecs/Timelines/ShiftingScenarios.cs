using System.Text.Json.Nodes;
using EcsDeploy;

namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Native blue/green, linear and canary deployments.</summary>
internal static class ShiftingScenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("blue/green with bake time", "succeeded", ExitCode.Done)
        {
            Source = "ServicesStable (g): its ten minutes end before bake time and clean-up do", Shows = ["4.1 (g)"], Configuration = Scenario.Shifting("BLUE_GREEN", bake: 10), DecidedAt = 760,
            Frames = [Stage(0, "SCALE_UP"), Stage(60, "PRODUCTION_TRAFFIC_SHIFT", 100), Stage(100, "BAKE_TIME", 100), Stage(760, null, 100, "SUCCESSFUL")],
        },
        new("blue/green that bakes longer than the default wait", "succeeded", ExitCode.Done)
        {
            Source = "(g): the wait grows by the bake time", Shows = ["4.1 (g)", "4.2 (g)"], Configuration = Scenario.Shifting("BLUE_GREEN", bake: 60), DecidedAt = 3700,
            Frames = [Stage(0, "SCALE_UP"), Stage(60, "BAKE_TIME", 100), Stage(3700, null, 100, "SUCCESSFUL")],
        },
        new("an alarm during bake time", "rolled back", ExitCode.RolledBack)
        {
            Source = "alarms", Configuration = Scenario.Shifting("BLUE_GREEN"), DecidedAt = 200, Reason = "Alarm 5xx went off",
            Frames = [Stage(0, "SCALE_UP"), Stage(100, "BAKE_TIME", 100), Alarmed(200, "ROLLBACK_IN_PROGRESS"), Alarmed(240, "ROLLBACK_SUCCESSFUL")],
        },
        new("a lifecycle hook says no", "rolled back", ExitCode.RolledBack)
        {
            Source = "lifecycle hooks", Configuration = Scenario.Shifting("BLUE_GREEN"), DecidedAt = 120, Reason = "Lifecycle hook arn:lambda:smoke failed",
            Frames = [Stage(0, "SCALE_UP"), Hooked(120, "ROLLBACK_REQUESTED"), Hooked(150, "ROLLBACK_SUCCESSFUL")],
        },
        new("paused by a hook", "paused", ExitCode.Paused)
        {
            Source = "(g): a pause never ends", Shows = ["4.1 (g)", "4.2 (g)"], Configuration = Scenario.Shifting("BLUE_GREEN"), DecidedAt = 80,
            Frames = [Stage(0, "SCALE_UP"), Pause(80)],
        },
        new("a canary in steps", "succeeded", ExitCode.Done)
        {
            Source = "traffic weights", Configuration = Scenario.Shifting("CANARY"), DecidedAt = 800,
            Frames = [Stage(0, "SCALE_UP"), Stage(60, "PRODUCTION_TRAFFIC_SHIFT", 5), Stage(660, "PRODUCTION_TRAFFIC_SHIFT", 100), Stage(800, null, 100, "SUCCESSFUL")],
        },
        new("a linear shift", "succeeded", ExitCode.Done)
        {
            Source = "traffic weights", Configuration = Scenario.Shifting("LINEAR"), DecidedAt = 3600,
            Frames = [Stage(0, "SCALE_UP"), .. Enumerable.Range(1, 9).Select(i => Stage(i * 360, "PRODUCTION_TRAFFIC_SHIFT", i * 10)), Stage(3600, null, 100, "SUCCESSFUL")],
        },
        new("green never comes up", "rolled back", ExitCode.RolledBack)
        {
            Source = "(a) for blue/green", Shows = ["4.1 (a)"], Configuration = Scenario.Shifting("BLUE_GREEN"), DecidedAt = 200, Reason = "could not be started",
            Frames = [Stage(0, "SCALE_UP"), Broken(200, "ROLLBACK_REQUESTED"), Broken(220, "ROLLBACK_SUCCESSFUL")],
        },
        new("green crashes again and again, with neither breaker nor alarms", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "(e): a stage may last a day", Shows = ["4.1 (e)", "4.2 (e)"], Configuration = Scenario.Shifting("BLUE_GREEN"), DecidedAt = 60, Reason = "exited with 134",
            Frames = [Stage(0, "SCALE_UP"), Crashed(30, 2), Crashed(60, 3)],
        },
        new("green crashes again and again, and the breaker does not heed it", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "the ECS model: the breaker is for rolling updates only", Configuration = Guarded(), DecidedAt = 90, Reason = "exited with 134",
            Frames = [Stage(0, "SCALE_UP"), Crashed(30, 3), Crashed(60, 5), Crashed(90, 6)],
        },
        new("a canary replaced by another one", "superseded", ExitCode.Superseded)
        {
            Source = "ecspresso#929", Reason = "took the place of this one: web:3, deployment ecs-svc/3", Configuration = Scenario.Shifting("CANARY"), DecidedAt = 90,
            Frames = [Stage(0, "SCALE_UP"), Stage(60, "PRODUCTION_TRAFFIC_SHIFT", 5), StrangerScenarios.Stranger(90, "STOPPED")],
        },
        new("a strategy newer than this pipe", "succeeded", ExitCode.Done)
        {
            Source = "unknown words pass through", Configuration = Scenario.Shifting("RAINBOW"), DecidedAt = 100,
            Frames = [Stage(0, "SPECTRUM"), Stage(100, null, 100, "SUCCESSFUL")],
        },
    ];

    private static JsonObject Guarded()
    {
        var configuration = Scenario.Shifting("LINEAR");
        configuration["deploymentCircuitBreaker"] = new JsonObject { ["enable"] = true, ["rollback"] = true };
        return configuration;
    }

    /// <summary>So many green tasks ran and crashed.</summary>
    private static Frame Crashed(double at, int tasks)
    {
        var told = RollingScenarios.Crashed(at, 134, tasks);
        return Stage(at, "SCALE_UP") with { Stopped = told.Stopped, Events = told.Events, Deployments = [RollingScenarios.New(0, null), Scenario.Old with { Status = "ACTIVE", State = null }] };
    }

    private static Frame Stage(double at, string? stage, double traffic = 0, string status = "IN_PROGRESS") => new()
    {
        At = at,
        Deployments = status == "SUCCESSFUL" ? [RollingScenarios.New(2, null)] : [RollingScenarios.New(2, null), Scenario.Old with { Status = "ACTIVE", State = null }],
        Current = "sd-2",
        ServiceDeployments = [Scenario.OldSd, new Sd("sd-2", status) { Stage = stage, Traffic = traffic, Running = 2 }],
    };

    private static Frame Alarmed(double at, string status) => Changed(at, status, item => item with { Alarm = "5xx" });

    private static Frame Hooked(double at, string status) => Changed(at, status, item => item with { FailedHook = "arn:lambda:smoke" });

    private static Frame Pause(double at) => Changed(at, "IN_PROGRESS", item => item with { Paused = true, Stage = "POST_TEST_TRAFFIC_SHIFT" });

    private static Frame Broken(double at, string status) => Changed(at, status, item => item with { Reason = "Service deployment rolled back because tasks failed to start." }) with
    {
        Stopped = Timelines.Stopped.NotStarted("CannotStartContainerError: device busy", 3),
    };

    private static Frame Changed(double at, string status, Func<Sd, Sd> change)
    {
        var frame = Stage(at, "BAKE_TIME", status == "ROLLBACK_SUCCESSFUL" ? 0 : 100, status);
        return frame with
        {
            Deployments = status == "ROLLBACK_SUCCESSFUL" ? [Scenario.Old with { State = null }] : frame.Deployments,
            ServiceDeployments = [frame.ServiceDeployments[0], change(frame.ServiceDeployments[1])],
        };
    }
}
