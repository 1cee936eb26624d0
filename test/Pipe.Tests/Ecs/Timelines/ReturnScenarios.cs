using EcsDeploy;
using EcsDeploy.Settings;

namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Failures after which the pipe itself has to go back, because ECS does not.</summary>
internal static class ReturnScenarios
{
    private static readonly RolloutSettings OnFailure = new();

    private static readonly Frame Crashing = RollingScenarios.Crashed(30, 134, 3);

    private static readonly IReadOnlyList<Frame> ByEcs = [RollingScenarios.Broken(0, "ROLLBACK_REQUESTED"), RollingScenarios.Broken(40, "ROLLBACK_SUCCESSFUL")];

    private static readonly IReadOnlyList<Frame> ByUpdate = [Back(0, "IN_PROGRESS"), Back(30, "SUCCESSFUL")];

    public static IEnumerable<Scenario> All =>
    [
        new("no breaker: ECS is asked to take it back", "rolled back", ExitCode.RolledBack)
        {
            Source = "StopServiceDeployment rolls back where it is not configured (ECS model)", Settings = OnFailure, Configuration = Scenario.Unguarded(), DecidedAt = 30, Reason = "exited with 134",
            Frames = [RollingScenarios.Rolling(0, 0), Crashing], Stoppable = ByEcs,
        },
        new("no breaker, a role that may not stop: an update goes back", "rolled back", ExitCode.RolledBack)
        {
            Source = "ON_FAILURE", Settings = OnFailure, Configuration = Scenario.Unguarded(), DecidedAt = 30, Reason = "exited with 134", Updates = 2,
            Denied = ["StopServiceDeployment"], Frames = [RollingScenarios.Rolling(0, 0), Crashing], Returned = ByUpdate,
        },
        new("a breaker that does not roll back: an update goes back", "rolled back", ExitCode.RolledBack)
        {
            Source = "ON_FAILURE", Settings = OnFailure, Configuration = Scenario.Breaker(rollback: false), DecidedAt = 90, Reason = "exited with 1", Updates = 2,
            Frames = [RollingScenarios.Rolling(0, 0), RollingScenarios.StoppedAt(90, "Service deployment stopped because the circuit breaker threshold was exceeded.", 1)],
            Returned = ByUpdate,
        },
        new("no revision was ever steady, so none is gone back to", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "never to a revision that was not steady", Settings = OnFailure, Configuration = Scenario.Breaker(rollback: false), DecidedAt = 90, Reason = "exited with 1",
            Before = new Frame
            {
                At = double.NegativeInfinity, Current = "sd-1", ServiceDeployments = [new Sd("sd-1", "STOPPED") { Def = "web:1" }],
                Deployments = [Scenario.Old with { Running = 0, State = "FAILED" }],
            },
            Frames =
            [
                RollingScenarios.Rolling(0, 0, old: 0) with { ServiceDeployments = [new Sd("sd-1", "STOPPED") { Def = "web:1" }, new Sd("sd-2", "IN_PROGRESS")] },
                RollingScenarios.StoppedAt(90, "Service deployment stopped because the circuit breaker threshold was exceeded.", 1) with
                {
                    ServiceDeployments = [new Sd("sd-1", "STOPPED") { Def = "web:1" }, new Sd("sd-2", "STOPPED") { Breaker = 3, Reason = "Service deployment stopped because the circuit breaker threshold was exceeded." }],
                },
            ],
        },
        new("going back fails too", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "ON_FAILURE", Settings = OnFailure, Configuration = Scenario.Breaker(rollback: false), DecidedAt = 90, Reason = "exited with 1", Updates = 2,
            Frames = [RollingScenarios.Rolling(0, 0), RollingScenarios.StoppedAt(90, "Service deployment stopped because the circuit breaker threshold was exceeded.", 1)],
            Returned = [Back(0, "IN_PROGRESS"), Back(30, "STOPPED")],
        },
        new("ECS's own rollback fails, and going back was asked for", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "ON_FAILURE", Settings = OnFailure, DecidedAt = 90, Reason = "exited with 1", Updates = 1,
            Frames = [RollingScenarios.Rolling(0, 0), RollingScenarios.Broken(90, "ROLLBACK_IN_PROGRESS", code: 1), RollingScenarios.Broken(130, "ROLLBACK_FAILED", code: 1)],
        },
        new("a timeout that is to be taken back", "rolled back", ExitCode.RolledBack)
        {
            Source = "ON_TIMEOUT", Settings = new RolloutSettings { OnTimeout = AfterTrouble.Rollback },
            Frames = [RollingScenarios.Rolling(0, 0)], Stoppable = ByEcs,
        },
        new("left as it is, where that was asked for", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "ON_FAILURE=leave", Configuration = Scenario.Unguarded(), DecidedAt = 30, Reason = "exited with 134",
            Frames = [RollingScenarios.Rolling(0, 0), Crashing], Stoppable = ByEcs,
        },
    ];

    /// <summary>A rollout of the old definition.</summary>
    private static Frame Back(double at, string status) => new()
    {
        At = at,
        Deployments =
        [
            new Dep("ecs-svc/4", "PRIMARY", "web:1", 2) { State = status switch { "SUCCESSFUL" => "COMPLETED", "STOPPED" => "FAILED", _ => "IN_PROGRESS" } },
            .. status == "SUCCESSFUL" ? Array.Empty<Dep>() : [RollingScenarios.New(0, "FAILED") with { Status = "ACTIVE" }],
        ],
        Current = "sd-4",
        ServiceDeployments =
        [
            Scenario.OldSd, new Sd("sd-2", "STOPPED") { Breaker = 3 },
            new Sd("sd-4", status) { Def = "web:1", Reason = status == "STOPPED" ? "Service deployment stopped because the circuit breaker threshold was exceeded." : null },
        ],
    };
}
