using EcsDeploy;
using EcsDeploy.Aws;

namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Rollouts seen by the older view alone, answers that get lost, ECS that cannot be asked.</summary>
internal static class OlderViewScenarios
{
    private static readonly string[] NoServiceDeployments = ["ListServiceDeployments", "DescribeServiceDeployments", "DescribeServiceRevisions"];

    private static readonly Frame Done = RollingScenarios.Rolling(60, 2, "SUCCESSFUL", old: 0);

    public static IEnumerable<Scenario> All =>
    [
        new("a success, without the newer permissions", "succeeded", ExitCode.Done)
        {
            Source = "fallback: deployment id and rolloutState", Denied = NoServiceDeployments, DecidedAt = 60,
            Frames = [RollingScenarios.Rolling(0, 0), Done],
        },
        new("rolled back, without the newer permissions", "rolled back", ExitCode.RolledBack)
        {
            Source = "GD: the deployment is gone, and with it the cause", Shows = ["4.1 (a)", "4.2 no cause"], Denied = NoServiceDeployments, DecidedAt = 90, Reason = "exited with 139",
            Frames = [RollingScenarios.Rolling(0, 0), RollingScenarios.Rolling(10, 0, stopped: 139), RollingScenarios.Broken(90, "ROLLBACK_IN_PROGRESS"), RollingScenarios.Broken(130, "ROLLBACK_SUCCESSFUL")],
        },
        new("failed and left, without the newer permissions", "failed and not rolled back", ExitCode.FailedNotRolledBack)
        {
            Source = "(e)", Shows = ["4.1 (e)", "4.2 (e)", "4.2 timeout"], Denied = NoServiceDeployments, Configuration = Scenario.Breaker(rollback: false), DecidedAt = 90, Reason = "exited with 1",
            Frames = [RollingScenarios.Rolling(0, 0), RollingScenarios.StoppedAt(90, "", 1)],
        },
        new("superseded, without the newer permissions", "superseded", ExitCode.Superseded)
        {
            Source = "(b); GD: \"likely rolled back\"", Shows = ["4.1 (b)", "4.2 superseded"], Reason = "took the place of this one: web:3, deployment ecs-svc/3", Denied = NoServiceDeployments, DecidedAt = 30,
            Frames = [RollingScenarios.Rolling(0, 0), StrangerScenarios.Stranger(30, "STOPPED"), StrangerScenarios.StrangerDone(90)],
        },
        new("behind a Classic Load Balancer, without the newer permissions", "succeeded", ExitCode.Done)
        {
            Source = "rolloutState is not returned (ECS model)", Denied = NoServiceDeployments, DecidedAt = 360,
            Frames =
            [
                .. new[] { RollingScenarios.Rolling(0, 0), RollingScenarios.Rolling(60, 2), RollingScenarios.Rolling(360, 2, old: 0) }.Select(StateLess),
            ],
        },
        new("a role that may not see revisions", "succeeded", ExitCode.Done)
        {
            Source = "DescribeServiceRevisions is a permission of its own", Denied = ["DescribeServiceRevisions"], DecidedAt = 60,
            Frames = [RollingScenarios.Rolling(0, 0), Done],
        },
        new("a role that may not see tasks", "rolled back", ExitCode.RolledBack)
        {
            Source = "events tell", Denied = ["ListTasks"], DecidedAt = 90, Reason = "circuit breaker counted 3 of 3",
            Frames = [RollingScenarios.Rolling(0, 0), RollingScenarios.Broken(90, "ROLLBACK_IN_PROGRESS"), RollingScenarios.Broken(130, "ROLLBACK_SUCCESSFUL")],
        },
        new("the answer to UpdateService got lost, and ECS had acted", "succeeded", ExitCode.Done)
        {
            Source = "a repeated force starts another rollout", LostAnswers = 1, LostTookEffect = true, Updates = 1, DecidedAt = 60,
            Frames = [RollingScenarios.Rolling(0, 0), Done],
        },
        new("the answer got lost, ECS had acted, and reads lag", "succeeded", ExitCode.Done)
        {
            Source = "a repeated force starts another rollout", LostAnswers = 1, LostTookEffect = true, Lag = 4, Updates = 1, DecidedAt = 64,
            Frames = [RollingScenarios.Rolling(0, 0), Done],
        },
        new("the answer to a forced update got lost, and ECS had acted", "succeeded", ExitCode.Done)
        {
            Source = "a repeated force starts another rollout", LostAnswers = 1, LostTookEffect = true, SameDefinition = true, Updates = 1, DecidedAt = 60,
            Frames = [.. new[] { RollingScenarios.Rolling(0, 0), Done }.Select(RollingScenarios.Same)],
        },
        new("the answer got lost, ECS had acted, and does not answer for a while", "succeeded", ExitCode.Done)
        {
            Source = "read before repeating, for as long as an outage lasts", LostAnswers = 1, LostTookEffect = true, FailingFrom = 0, FailingUntil = 50, Updates = 1, DecidedAt = 60,
            Frames = [RollingScenarios.Rolling(0, 0), Done],
        },
        new("the answer got lost, and ECS cannot be asked any more", "not seen to its end", ExitCode.InFlight)
        {
            Source = "said as what it is: nobody knows", Reason = "could not be asked whether it took effect", LostAnswers = 1, LostTookEffect = true, FailingFrom = 0, Updates = 1,
            Frames = [RollingScenarios.Rolling(0, 0), Done],
        },
        new("UpdateService got lost before it reached ECS", "succeeded", ExitCode.Done)
        {
            Source = "read before repeating", LostAnswers = 1, Updates = 2, DecidedAt = 60,
            Frames = [RollingScenarios.Rolling(0, 0), Done],
        },
        new("ECS cannot be asked any more", "not seen to its end", ExitCode.InFlight)
        {
            Source = "said as what it is: nobody knows", Reason = "ECS could not be asked any more", FailingFrom = 30,
            Frames = [RollingScenarios.Rolling(0, 0), Done],
        },
        new("the session ended and cannot be renewed", "not seen to its end", ExitCode.InFlight)
        {
            Source = "GD#527: one hour in a role chain", Reason = "DescribeService", FailingFrom = 30, FailingKind = AwsFailureKind.Expired,
            Frames = [RollingScenarios.Rolling(0, 0), Done],
        },
        new("one read of the service deployment fails", "succeeded", ExitCode.Done)
        {
            Source = "ecspresso (5): a single error ends the wait", Shows = ["4.3 (5)"], FailingFrom = 34, FailingUntil = 38, FailingRead = "DescribeServiceDeployments", DecidedAt = 60,
            Frames = [RollingScenarios.Rolling(0, 0), Done],
        },
        new("two minutes of server errors in between", "succeeded", ExitCode.Done)
        {
            Source = "ecspresso (5): errors end the wait", Shows = ["4.3 (5)"], FailingFrom = 30, FailingUntil = 150, DecidedAt = 160,
            Frames = [RollingScenarios.Rolling(0, 0), Done with { At = 160 }],
        },
    ];

    private static Frame StateLess(Frame frame) => frame with { Deployments = [.. frame.Deployments.Select(item => item with { State = null })] };
}
