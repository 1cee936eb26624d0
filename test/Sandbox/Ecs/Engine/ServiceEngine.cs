using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>The service scheduler: looks at a service when something about it changed, starts and stops tasks, and finds it steady.</summary>
public sealed class ServiceEngine
{
    private readonly TaskParts _parts;
    private readonly TaskRuns _runs;
    private readonly Launcher _launcher;
    private readonly LaunchScope _scope;
    private readonly StagedRollouts _staged;
    private readonly Dictionary<Service, Agenda.Entry> _looks = [];

    public ServiceEngine(TaskParts parts)
    {
        _parts = parts;
        _runs = new TaskRuns(parts);
        _launcher = new Launcher(parts, _runs);
        Rollouts = new Rollouts(parts.Agenda, parts.Ids, parts.Options, Look);
        Hooks = new LifecycleHooks(parts.Agenda, parts.Ids, parts.Functions, Rollouts);
        _staged = new StagedRollouts(parts.Agenda, parts.Options, Rollouts, Hooks, Look);
        Rollouts.Started = _staged.Begin;
        var observer = new ServiceObserver(this, parts, _runs, _launcher);
        _scope = new LaunchScope(observer, Rollouts.Failed, observer.Await);
    }

    public Rollouts Rollouts { get; }

    public LifecycleHooks Hooks { get; }

    /// <summary>Has the scheduler look at the service after a while, or earlier if that is already planned.</summary>
    public void Look(Service service, TimeSpan delay)
    {
        var due = _parts.Agenda.Now + delay;
        if (_looks.TryGetValue(service, out var planned))
        {
            if (planned.Due <= due)
            {
                return;
            }

            planned.Cancel();
        }

        _looks[service] = _parts.Agenda.Plan(delay, () =>
        {
            _looks.Remove(service);
            Reconcile(service);
        });
    }

    /// <summary>A task of its own, for no service.</summary>
    public void StartTask(EcsTask task) => _runs.Start(task, _scope.Observer);

    public void StopTask(EcsTask task, string code, string reason) => _runs.Stop(task, code, reason);

    private void Reconcile(Service service)
    {
        if (service.Status != "ACTIVE")
        {
            Drain(service);
            return;
        }

        if (service.Primary is not { } primary || service.Newest is { Status: "PENDING" })
        {
            return;
        }

        var desired = Desired(service);
        var olds = service.Deployments.Where(deployment => deployment != primary).ToList();
        if (service.Newest is { Status: "IN_PROGRESS", Steps: not null } staged)
        {
            Stage(service, staged, olds, desired);
            return;
        }

        primary.DesiredCount = desired;
        Shrink(service, primary, desired);
        if (!primary.Failed)
        {
            Roll(service, primary, olds);
        }

        Keep(service, olds);
        service.Deployments.RemoveAll(deployment => !deployment.Primary && deployment.All == 0 && (deployment != service.LastCompleted || deployment.DesiredCount == 0));
        Settle(service, primary, desired);
    }

    private void Roll(Service service, Deployment primary, List<Deployment> olds)
    {
        var plan = RollingPlan.For(Counts(service, primary, olds));
        var stopped = new List<EcsTask>();
        Stop(olds, TaskPhase.Pending, plan.StopPending, primary, stopped);
        Stop(olds, TaskPhase.Running, plan.StopUncounted, primary, stopped);
        Stop(olds, TaskPhase.Healthy, plan.StopHealthy, primary, stopped);
        SayStopped(service, stopped);
        if (_launcher.Launch(service, primary, plan.Start, _scope) is { } delay)
        {
            Look(service, delay);
        }

        if (plan.Nothing && primary.Live < primary.DesiredCount && service.Deployments.TrueForAll(item => item.Count(TaskPhase.Pending) + item.Count(TaskPhase.Stopping) == 0))
        {
            _launcher.Say(service, ServiceTexts.Stuck(service));
        }
    }

    /// <summary>Blue and green stand side by side: how many tasks each has is up to the stage, not to a minimum and a maximum.</summary>
    private void Stage(Service service, ServiceDeployment rollout, List<Deployment> olds, int desired)
    {
        var green = rollout.Deployment;
        green.DesiredCount = rollout.GreenRuns ? desired : 0;
        Shrink(service, green, green.DesiredCount);
        if (_launcher.Launch(service, green, green.Failed ? 0 : green.DesiredCount - green.Live, _scope) is { } delay)
        {
            Look(service, delay);
        }

        foreach (var old in olds)
        {
            old.DesiredCount = old == service.LastCompleted && !rollout.BlueGoes ? desired : 0;
            Shrink(service, old, old.DesiredCount);
        }

        Keep(service, olds);
        service.Deployments.RemoveAll(deployment => !deployment.Primary && deployment.All == 0 && deployment.DesiredCount == 0);
        _staged.Arrived(service, rollout, desired);
    }

    /// <summary>The last good deployment keeps what it still should have, while the new one comes up.</summary>
    private void Keep(Service service, List<Deployment> olds)
    {
        var good = olds.Find(deployment => deployment == service.LastCompleted);
        if (good is not null && _launcher.Launch(service, good, good.DesiredCount - good.Live, _scope) is { } delay)
        {
            Look(service, delay);
        }
    }

    private void Shrink(Service service, Deployment primary, int desired)
    {
        var stopped = new List<EcsTask>();
        while (primary.Live > desired && (primary.Last(TaskPhase.Pending) ?? primary.Last(TaskPhase.Running) ?? primary.Last(TaskPhase.Healthy)) is { } task)
        {
            _runs.Stop(task, "ServiceSchedulerInitiated", ServiceTexts.Scaling(primary));
            stopped.Add(task);
        }

        SayStopped(service, stopped);
    }

    private void Stop(List<Deployment> olds, TaskPhase phase, int count, Deployment primary, List<EcsTask> stopped)
    {
        for (var index = olds.Count - 1; index >= 0; index--)
        {
            while (count > 0 && olds[index].First(phase) is { } task)
            {
                olds[index].DesiredCount = Math.Max(0, olds[index].DesiredCount - 1);
                _runs.Stop(task, "ServiceSchedulerInitiated", ServiceTexts.Scaling(primary));
                stopped.Add(task);
                count--;
            }
        }
    }

    private void SayStopped(Service service, List<EcsTask> stopped)
    {
        foreach (var batch in stopped.Where(task => task.StartedAt is not null).Chunk(10))
        {
            _launcher.Say(service, ServiceTexts.Stopped(service, batch));
        }
    }

    private void Settle(Service service, Deployment primary, int desired)
    {
        if (primary.Failed || service.Deployments.Count > 1 || primary.Count(TaskPhase.Healthy) != desired || primary.All != desired)
        {
            return;
        }

        if (Baking(service))
        {
            return;
        }

        if (primary.RolloutState == "IN_PROGRESS")
        {
            Rollouts.Complete(service, primary);
        }

        service.Events.Resolve("unable to");
        _launcher.Say(service, ServiceTexts.Steady(service));
    }

    /// <summary>A rolling update with alarms goes on watching them for a while after its tasks are all there.</summary>
    private bool Baking(Service service)
    {
        if (service.Newest is not { Status: "IN_PROGRESS" } rollout || Alarms.Configuration(rollout) is null)
        {
            return false;
        }

        var now = _parts.Agenda.Now;
        rollout.BakesUntil ??= now + _parts.Options.AlarmBake;
        if (now >= rollout.BakesUntil)
        {
            return false;
        }

        Look(service, rollout.BakesUntil.Value - now);
        return true;
    }

    private void Drain(Service service)
    {
        foreach (var deployment in service.Deployments)
        {
            Shrink(service, deployment, 0);
        }

        service.Deployments.RemoveAll(deployment => deployment.All == 0);
        if (service.Deployments.Count == 0)
        {
            service.Status = "INACTIVE";
        }
    }

    private static int Desired(Service service) => service.Daemon ? service.Cluster.Instances.Count : service.DesiredCount;

    private static RollingCounts Counts(Service service, Deployment primary, List<Deployment> olds)
    {
        var configuration = Rollouts.Configuration(service);
        return RollingCounts.For(primary.DesiredCount, (int?)configuration["minimumHealthyPercent"] ?? 100, (int?)configuration["maximumPercent"] ?? 200) with
        {
            NewLive = primary.Live,
            NewRunning = primary.Running,
            NewHealthy = primary.Count(TaskPhase.Healthy),
            OldPending = olds.Sum(deployment => deployment.Count(TaskPhase.Pending)),
            OldUncounted = olds.Sum(deployment => deployment.Count(TaskPhase.Running)),
            OldHealthy = olds.Sum(deployment => deployment.Count(TaskPhase.Healthy)),
        };
    }
}
