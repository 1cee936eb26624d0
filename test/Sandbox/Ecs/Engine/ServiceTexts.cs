using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>ECS's sentences about a service: ECS guide, service event messages and deployment failure detection; authorization.md §2.6.</summary>
public static class ServiceTexts
{
    public const string Replaced = "Replaced by a new service deployment.";
    public const string BreakerRollback = "Service deployment rolled back because the circuit breaker threshold was exceeded.";
    public const string BreakerStop = "Service deployment stopped because the circuit breaker threshold was exceeded.";
    public const string NoCandidate = "No rollback candidate was found to run the rollback.";
    public const string StoppedByUser = "Service deployment rolled back because it was stopped by a user.";
    public const string RollbackFailed = "Service deployment rollback failed because the circuit breaker threshold was exceeded.";

    public static string InProgress(Deployment deployment) => $"ECS deployment {deployment.Id} in progress.";

    public static string Completed(Deployment deployment) => $"ECS deployment {deployment.Id} completed.";

    public static string HookEnded(LifecycleHook hook, bool inTime) => (inTime, hook.TargetArn) switch
    {
        (false, _) => $"Service deployment rolled back because {hook.Stage} lifecycle hook(s) timed out.",
        (true, null) => $"Service deployment rolled back because it was requested at the {hook.Stage} lifecycle hook(s).",
        (true, var function) => $"Service deployment rolled back because {hook.Stage} lifecycle hook(s) failed. Lifecycle hook target {function} returned FAILED status.",
    };

    public static string AlarmRollback(string alarm) => $"Service deployment rolled back because the alarm {alarm} was detected in the ALARM state.";

    public static string AlarmStop(string alarm) => $"Service deployment stopped because the alarm {alarm} was detected in the ALARM state.";

    public static string AlarmFailed(Service service, Deployment deployment) => $"(service {service.Name}) (deployment {deployment.Id}) deployment failed: alarm detected.";

    public static string RollingBack(Deployment target) => $"ECS deployment circuit breaker: rolling back to deploymentId {target.Id}.";

    public static string Returning(Deployment target) => $"ECS deployment rolling back to deploymentId {target.Id}.";

    public static string BreakerFailed => "ECS deployment circuit breaker: tasks failed to start.";

    public static string Started(Service service, IReadOnlyCollection<EcsTask> tasks) =>
        $"(service {service.Name}) has started {tasks.Count} tasks: {List(tasks)}.";

    public static string Stopped(Service service, IReadOnlyCollection<EcsTask> tasks) =>
        $"(service {service.Name}) has stopped {tasks.Count} running tasks: {List(tasks)}.";

    public static string Steady(Service service) => $"(service {service.Name}) has reached a steady state.";

    public static string DeploymentCompleted(Service service, Deployment deployment) =>
        $"(service {service.Name}) (deployment {deployment.Id}) deployment completed.";

    public static string DeploymentFailed(Service service, Deployment deployment) =>
        $"(service {service.Name}) (deployment {deployment.Id}) deployment failed: tasks failed to start.";

    public static string RollingBackEvent(Service service, Deployment target) => $"(service {service.Name}) rolling back to deployment {target.Id}.";

    public static string Inconsistent(Service service) => $"(service {service.Name}) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

    public static string NotPlaced(Service service, string reason) => $"(service {service.Name}) was unable to place a task. Reason: {reason}.";

    public static string NoInstances(Service service) =>
        $"(service {service.Name}) was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

    public static string NoRoom(Service service, ContainerInstance closest, string resource) =>
        $"(service {service.Name}) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance {EcsNames.Last(closest.Arn)}) has insufficient {resource} available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

    public static string RoleNotAssumable(Service service, string role) =>
        $"(service {service.Name}) failed to launch a task with (error ECS was unable to assume the role '{role}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).";

    public static string Stuck(Service service) =>
        $"(service {service.Name}) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.";

    public static string Registered(Service service) => $"(service {service.Name}) registered 1 targets in (target-group {TargetGroup(service)})";

    public static string Deregistered(Service service) => $"(service {service.Name}) deregistered 1 targets in (target-group {TargetGroup(service)})";

    public static string Draining(Service service) => $"(service {service.Name}) has begun draining connections on 1 tasks.";

    public static string Unhealthy(Service service, int port, string reason) =>
        $"(service {service.Name}) (port {port}) is unhealthy in (target-group {TargetGroup(service)}) due to (reason {reason}).";

    public static string CheckFailed(Service service, EcsTask task) => $"(service {service.Name}) (task {task.Id}) failed container health checks.";

    public static string Scaling(Deployment deployment) => $"Scaling activity initiated by (deployment {deployment.Id})";

    public static string TargetGroup(Service service) => (string?)service.Definition["loadBalancers"]?[0]?["targetGroupArn"] ?? "";

    private static string List(IEnumerable<EcsTask> tasks) => string.Join(' ', tasks.Select(task => $"(task {task.Id})"));
}
