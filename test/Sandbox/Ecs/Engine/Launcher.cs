using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>Starts tasks of services: within Fargate's launch rate, with room on the instances, and slower and slower while they fail to start.</summary>
public sealed class Launcher(TaskParts parts, TaskRuns runs)
{
    /// <summary>ECS guide, service throttle logic: at most 27 minutes between restarts.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(27);

    private readonly TaskMaker _maker = new(parts.Agenda, parts.Ids);
    private readonly Dictionary<(string Account, string Region), TokenBucket> _fargate = [];

    /// <summary>Starts up to <paramref name="wanted"/> tasks; answers when to try the rest, null when nothing is left to do.</summary>
    public TimeSpan? Launch(Service service, Deployment deployment, int wanted, LaunchScope scope)
    {
        var now = parts.Agenda.Now;
        if (wanted <= 0)
        {
            return null;
        }

        if (now < service.NotBefore)
        {
            return service.NotBefore - now;
        }

        var definition = deployment.Revision.TaskDefinition;
        if (Refused(service, definition) is { } refusal)
        {
            Say(service, refusal);
            Slow(service, now);
            scope.Failed(service, deployment);
            return service.NotBefore - now;
        }

        var granted = service.LaunchType == "FARGATE" ? Rate(service).Take(now, wanted) : wanted;
        var started = Start(service, deployment, granted, scope);
        return started < granted ? null : granted < wanted ? TimeSpan.FromSeconds(1) : null;
    }

    /// <summary>A task never reached RUNNING: the next start waits, longer with every round of failures.</summary>
    public void NeverRan(EcsTask task)
    {
        var service = task.Service!;
        if (task.CreatedAt >= service.NotBefore)
        {
            Slow(service, parts.Agenda.Now);
        }
    }

    public void Say(Service service, string message) => service.Events.Add(parts.Ids.Uuid(), parts.Agenda.Now, message);

    private int Start(Service service, Deployment deployment, int count, LaunchScope scope)
    {
        var started = new List<EcsTask>(count);
        for (var index = 0; index < count; index++)
        {
            ContainerInstance? instance = null;
            if (service.LaunchType == "EC2" && (instance = Placement.Take(service, deployment.Revision.TaskDefinition, out var refusal)) is null)
            {
                Say(service, refusal);
                scope.Waiting(service);
                break;
            }

            var task = _maker.ForService(service, deployment, instance);
            started.Add(task);
            runs.Start(task, scope.Observer);
        }

        foreach (var batch in started.Chunk(10))
        {
            Say(service, ServiceTexts.Started(service, batch));
        }

        return started.Count;
    }

    private string? Refused(Service service, TaskDefinition definition)
    {
        if (parts.Puller.Unassumable(definition) is { } role)
        {
            return ServiceTexts.RoleNotAssumable(service, role);
        }

        return parts.Behaviours.NoCapacity(definition) is { } reason ? ServiceTexts.NotPlaced(service, reason) : null;
    }

    private void Slow(Service service, DateTimeOffset now)
    {
        service.FailedRounds++;
        var pause = service.FailedRounds <= 3 ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(10) * Math.Pow(2, Math.Min(service.FailedRounds - 4, 12));
        service.NotBefore = now + (pause < LongestPause ? pause : LongestPause);
        if (service.FailedRounds > 3)
        {
            Say(service, ServiceTexts.Inconsistent(service));
        }
    }

    /// <summary>Fargate launches: burst 100, 20 a second for an account and region (request throttling page).</summary>
    private TokenBucket Rate(Service service)
    {
        var key = (service.Cluster.Names.Account, service.Cluster.Names.Region);
        return _fargate.TryGetValue(key, out var bucket) ? bucket : _fargate[key] = new TokenBucket(100, 20);
    }
}

/// <summary>Who hears of what launching brought: a task's turns, a task that could not be launched, a service that waits for room on the instances.</summary>
public sealed record LaunchScope(ITaskObserver Observer, Action<Service, Deployment> Failed, Action<Service> Waiting);
