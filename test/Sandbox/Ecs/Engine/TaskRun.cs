using Sandbox.Ecr;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>One task's way through PROVISIONING, PENDING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING to STOPPED (ECS guide, task lifecycle).</summary>
public sealed class TaskRun(TaskParts parts, EcsTask task, ITaskObserver observer)
{
    private readonly Dictionary<EcsContainer, IRunningContainer> _running = [];
    private readonly Dictionary<EcsContainer, (PullResult.Pulled? Image, TaskBehaviour Behaviour)> _pulled = [];
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
        var longest = TimeSpan.Zero;
        foreach (var container in Task.Containers)
        {
            if (parts.Puller.Pull(Task, container, out var image) is { } failure)
            {
                container.Reason = failure;
                Then(TimeSpan.FromSeconds(1), () => Stop("TaskFailedToStart", failure));
                return;
            }

            var behaviour = parts.Behaviours.Take(Task, container);
            _pulled[container] = (image, behaviour);
            longest = behaviour.PullTime > longest ? behaviour.PullTime : longest;
        }

        Then(longest, StartContainers);
    }

    private void StartContainers()
    {
        Task.PullStoppedAt = parts.Agenda.Now;
        foreach (var container in Task.Containers)
        {
            if (!Task.Live)
            {
                return;
            }

            var (image, behaviour) = _pulled[container];
            container.RuntimeId = $"{Task.Id}-{container.Id[..10]}";
            var runtime = behaviour.RunApp && image is not null ? parts.Real : parts.Scripted;
            _running[container] = runtime.Start(new ContainerStart(Task, container, image, behaviour), new Events(this, container));
        }
    }

    private void Started(EcsContainer container)
    {
        container.LastStatus = "RUNNING";
        container.StartedAt = parts.Agenda.Now;
        if (!Task.Live || Task.LastStatus != "PENDING" || Task.Containers.Exists(item => item.LastStatus == "PENDING"))
        {
            return;
        }

        Become("RUNNING");
        Task.StartedAt = parts.Agenda.Now;
        Task.TargetHealthy = Task.Service?.BehindLoadBalancer != true;
        Task.Phase = TaskPhase.Running;
        observer.Running(Task);
        if (Task.TargetHealthy && !HasHealthCheck)
        {
            Then(parts.Options.CountedAfter, Count);
        }
    }

    private bool HasHealthCheck => Task.Containers.Exists(container => container.Essential && container.HealthCheck is not null);

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
        observer.Healthy(Task);
    }

    private void Exited(EcsContainer container, int? code, string? reason)
    {
        container.LastStatus = "STOPPED";
        container.ExitCode = code;
        container.Reason = reason ?? container.Reason;
        _running.Remove(container);
        if (!Task.Live)
        {
            FinishIfEmpty();
        }
        else if (container.Essential)
        {
            Stop("EssentialContainerExited", "Essential container in task exited");
        }
        else if (Task.Containers.Find(item => item.LastStatus == "RUNNING") is { } other)
        {
            Started(other);
        }
    }

    private void CouldNotStart(EcsContainer container, string reason)
    {
        container.LastStatus = "STOPPED";
        container.Reason = reason;
        _running.Remove(container);
        Stop("TaskFailedToStart", reason);
    }

    private void Checked(EcsContainer container, bool healthy)
    {
        container.HealthStatus = healthy ? "HEALTHY" : "UNHEALTHY";
        Task.Version++;
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
        foreach (var (container, running) in _running.ToList())
        {
            running.Stop(TimeSpan.FromSeconds((int?)container.Definition["stopTimeout"] ?? 30));
        }

        FinishIfEmpty();
    }

    private void FinishIfEmpty()
    {
        if (_running.Count > 0 || Task.LastStatus != "STOPPING")
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
