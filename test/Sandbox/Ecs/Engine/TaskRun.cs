using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>One task's way through PROVISIONING, PENDING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING to STOPPED (ECS guide, task lifecycle).</summary>
public sealed class TaskRun(TaskParts parts, EcsTask task, ITaskObserver observer)
{
    private readonly TaskContainers _containers = new(parts, task);
    private Agenda.Entry? _next;

    public EcsTask Task { get; } = task;

    public void Begin() => Then(parts.Options.Provisioning, Pull);

    /// <summary>Asks the task to stop; a second request changes nothing.</summary>
    public void Stop(string code, string reason)
    {
        if (!Task.Live)
        {
            return;
        }

        var drained = Task.Service is { BehindLoadBalancer: true } && Task.LastStatus == "RUNNING" && code == "ServiceSchedulerInitiated" && Task.TargetHealthy;
        Task.DesiredStatus = "STOPPED";
        Task.StopCode = code;
        Task.StoppedReason = reason;
        Task.StoppingAt = parts.Agenda.Now;
        Task.Phase = TaskPhase.Stopping;
        observer.Stopping(Task);
        Become(drained ? "DEACTIVATING" : "STOPPING");
        _next?.Cancel();
        if (drained)
        {
            Then(parts.Options.DeregistrationDelay, StopContainers);
        }
        else
        {
            StopContainers();
        }
    }

    private void Pull()
    {
        Become("PENDING");
        Task.PullStartedAt = parts.Agenda.Now;
        var (takes, failure) = _containers.Pull();
        Then(takes, failure is null ? StartContainers : () => Stop("TaskFailedToStart", failure));
    }

    private void StartContainers()
    {
        Task.PullStoppedAt = parts.Agenda.Now;
        Advance();
    }

    /// <summary>Starts whatever has waited for this moment; gives up where a dependency can no longer be met, or was not within <paramref name="late"/>'s startTimeout.</summary>
    private void Advance(EcsContainer? late = null)
    {
        if (!Task.Live)
        {
            return;
        }

        if (_containers.Unmet(late) is var (waiting, dependency))
        {
            // The ECS agent's dependency graph says this; that it becomes the stopped reason is inferred.
            CouldNotStart(waiting, $"failed to resolve the container ordering dependency [{dependency.Name}] for target [{waiting.Name}] as dependency did not exit successfully.");
            return;
        }

        _containers.StartNext(container => new Events(this, container));
        if (Task.LastStatus == "PENDING" && Task.Containers.TrueForAll(container => container.LastStatus != "PENDING") && Task.Containers.Exists(container => container.LastStatus == "RUNNING"))
        {
            Run();
        }
    }

    private void Started(EcsContainer container)
    {
        container.LastStatus = "RUNNING";
        container.StartedAt = parts.Agenda.Now;
        if ((int?)container.Definition["startTimeout"] is { } seconds)
        {
            parts.Agenda.Plan(TimeSpan.FromSeconds(seconds), () => Advance(container));
        }

        Advance();
    }

    private void Run()
    {
        Become("RUNNING");
        Task.StartedAt = parts.Agenda.Now;
        Task.TargetHealthy = Task.Service?.BehindLoadBalancer != true;
        Task.Phase = TaskPhase.Running;
        observer.Running(Task);
        if (!Task.HasHealthCheck)
        {
            Then(parts.Options.CountedAfter, Count);
        }
    }

    private void CountIfWell()
    {
        if (Task.Phase == TaskPhase.Running && Task.TargetHealthy && Task.Containers.TrueForAll(IsWell))
        {
            Count();
        }
    }

    private static bool IsWell(EcsContainer container) => !container.Essential || container.HealthCheck is null || container.HealthStatus == "HEALTHY";

    private void Count()
    {
        Task.Phase = TaskPhase.Healthy;
        Task.WasHealthy = true;
        observer.Healthy(Task);
    }

    private void Exited(EcsContainer container, int? code, string? reason)
    {
        container.LastStatus = "STOPPED";
        container.ExitCode = code;
        container.Reason = reason ?? container.Reason;
        _containers.Remove(container);
        if (!Task.Live)
        {
            StopNext();
        }
        else if (container.Essential)
        {
            Stop("EssentialContainerExited", "Essential container in task exited");
        }
        else
        {
            Advance();
        }
    }

    private void CouldNotStart(EcsContainer container, string reason)
    {
        container.LastStatus = "STOPPED";
        container.Reason = reason;
        _containers.Remove(container);
        Stop("TaskFailedToStart", reason);
    }

    private void Checked(EcsContainer container, bool healthy)
    {
        container.HealthStatus = healthy ? "HEALTHY" : "UNHEALTHY";
        Task.Version++;
        Advance();
        CountIfWell();
        if (!healthy && container.Essential && Task.Service is { } service)
        {
            AfterGrace(service, () => container.HealthStatus == "UNHEALTHY", () =>
            {
                observer.CheckFailed(Task);
                Stop("ServiceSchedulerInitiated", "Task failed container health checks");
            });
        }
    }

    private void TargetChecked(EcsContainer container, bool healthy, string reason)
    {
        if (Task.Service is not { } service || !service.IsTarget(container.Name))
        {
            return;
        }

        Task.TargetHealthy = healthy;
        CountIfWell();
        if (!healthy)
        {
            AfterGrace(service, () => !Task.TargetHealthy, () =>
            {
                observer.TargetUnhealthy(Task, container, reason);
                Stop("ServiceSchedulerInitiated", $"Task failed ELB health checks in (target-group {ServiceTexts.TargetGroup(service)})");
            });
        }
    }

    /// <summary>healthCheckGracePeriodSeconds: until then the scheduler ignores what health checks find.</summary>
    private void AfterGrace(Service service, Func<bool> still, Action stop)
    {
        var left = (Task.StartedAt ?? parts.Agenda.Now) + service.HealthGrace - parts.Agenda.Now;
        parts.Agenda.Plan(left, () =>
        {
            if (Task.Live && still())
            {
                stop();
            }
        });
    }

    private void StopContainers()
    {
        Become("STOPPING");
        StopNext();
    }

    private void StopNext()
    {
        if (Task.LastStatus != "STOPPING" || _containers.StopNext())
        {
            return;
        }

        Task.ExecutionStoppedAt = parts.Agenda.Now;
        Become("DEPROVISIONING");
        Then(parts.Options.Deprovisioning, () =>
        {
            Become("STOPPED");
            Task.Containers.ForEach(container => container.LastStatus = "STOPPED");
            Task.StoppedAt = parts.Agenda.Now;
            Task.Phase = TaskPhase.Stopped;
            observer.Stopped(Task);
        });
    }

    private void Wrote(EcsContainer container, string line) => observer.Wrote(Task, container, line);

    private void Become(string status)
    {
        Task.LastStatus = status;
        Task.Version++;
    }

    private void Then(TimeSpan delay, Action action) => _next = parts.Agenda.Plan(delay, action);

    private sealed class Events(TaskRun run, EcsContainer container) : IContainerEvents
    {
        public void Started() => run.Started(container);

        public void Exited(int code, string? reason) => run.Exited(container, code, reason);

        public void Failed(string reason) => run.CouldNotStart(container, reason);

        public void Health(bool healthy) => run.Checked(container, healthy);

        public void Target(bool healthy, string reason) => run.TargetChecked(container, healthy, reason);

        public void Wrote(string line) => run.Wrote(container, line);
    }
}
