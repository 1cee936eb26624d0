using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>What the scheduler learns from its tasks: events, failures to count, reasons to look again.</summary>
public sealed class ServiceObserver(ServiceEngine engine, TaskParts parts, TaskRuns runs, Launcher launcher) : ITaskObserver
{
    private readonly HashSet<Service> _waiting = [];

    /// <summary>The service waits until a task leaves a container instance.</summary>
    public void Await(Service service) => _waiting.Add(service);

    public void Running(EcsTask task)
    {
        if (task.Service is not { } service)
        {
            return;
        }

        (service.FailedRounds, service.NotBefore) = (0, DateTimeOffset.MinValue);
        service.Events.Resolve("unable to");
        if (service.BehindLoadBalancer)
        {
            launcher.Say(service, ServiceTexts.Registered(service));
        }
        else if (!task.HasHealthCheck)
        {
            Rollouts.Recovered(service, task.Deployment!);
        }

        engine.Look(service, parts.Options.Reaction);
    }

    public void Healthy(EcsTask task)
    {
        if (task.Service is { } service)
        {
            Rollouts.Recovered(service, task.Deployment!);
            engine.Look(service, parts.Options.Reaction);
        }
    }

    public void Stopping(EcsTask task)
    {
        if (task.Service is not { } service)
        {
            return;
        }

        service.Events.Resolve("steady state");
        if (service.BehindLoadBalancer && task.StartedAt is not null)
        {
            launcher.Say(service, ServiceTexts.Deregistered(service));
            launcher.Say(service, ServiceTexts.Draining(service));
        }

        if (task is { StartedAt: null, StopCode: "TaskFailedToStart" or "EssentialContainerExited" })
        {
            launcher.NeverRan(task);
            engine.Rollouts.Failed(service, task.Deployment!);
        }
        else if (FailedAfterStart(task))
        {
            engine.Rollouts.Failed(service, task.Deployment!);
        }

        engine.Look(service, parts.Options.Reaction);
    }

    /// <summary>
    /// What counts once a task was RUNNING: a failed health check (Deployment.failedTasks in the ECS model; ECS guide, "How the Amazon ECS deployment circuit
    /// breaker detects failures", stage 2), and an end of its own before its first passed one ("if a Task fails before reporting a health check, the
    /// failedTask count is not reset … do you also have health checks configured? If so, circuit breaker should now work": ECS's product manager in
    /// containers-roadmap#1206, December 2021). Without any health check, and after a passed one, a crash is not counted: that issue is open.
    /// </summary>
    private static bool FailedAfterStart(EcsTask task) =>
        task.StoppedReason?.StartsWith("Task failed ", StringComparison.Ordinal) == true
        || (task is { StopCode: "EssentialContainerExited", HasHealthCheck: true, WasHealthy: false });

    public void Stopped(EcsTask task)
    {
        task.Cluster.Stopped.Enqueue(task);
        runs.Forget(task);
        Placement.Release(task);
        if (task.Instance is not null)
        {
            Array.ForEach([.. _waiting], service => engine.Look(service, parts.Options.Reaction));
            _waiting.Clear();
        }

        if (task.Service is { } owner)
        {
            engine.Look(owner, parts.Options.Reaction);
        }
    }

    public void TargetUnhealthy(EcsTask task, EcsContainer container, string reason) =>
        launcher.Say(task.Service!, ServiceTexts.Unhealthy(task.Service!, (int?)task.Service!.Definition["loadBalancers"]?[0]?["containerPort"] ?? 80, reason));

    public void CheckFailed(EcsTask task) => launcher.Say(task.Service!, ServiceTexts.CheckFailed(task.Service!, task));

    public void Wrote(EcsTask task, EcsContainer container, string line) => parts.Logs.Write(task, container, line);
}
