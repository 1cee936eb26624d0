using System.Text.Json.Nodes;
using Sandbox.Ecr;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>The containers of one task, started in the order of their dependencies and stopped in the reverse (ContainerDependency in the ECS model).</summary>
public sealed class TaskContainers(TaskParts parts, EcsTask task)
{
    private readonly Dictionary<EcsContainer, (PullResult.Pulled? Image, TaskBehaviour Behaviour)> _waiting = [];
    private readonly Dictionary<EcsContainer, IRunningContainer> _running = [];
    private readonly HashSet<EcsContainer> _stopping = [];

    /// <summary>Pulls every image; answers how long that takes, or why a container cannot be had.</summary>
    public (TimeSpan Takes, string? Failure) Pull()
    {
        var longest = TimeSpan.Zero;
        foreach (var container in task.Containers)
        {
            if (parts.Puller.Pull(task, container, out var image) is { } failure)
            {
                container.Reason = failure;
                return (TimeSpan.FromSeconds(1), failure);
            }

            var behaviour = parts.Behaviours.Take(task, container);
            _waiting[container] = (image, behaviour);
            longest = behaviour.PullTime > longest ? behaviour.PullTime : longest;
        }

        return (longest, null);
    }

    public void Remove(EcsContainer container) => _running.Remove(container);

    /// <summary>Starts what waits for nothing more.</summary>
    public void StartNext(Func<EcsContainer, IContainerEvents> events)
    {
        foreach (var container in task.Containers.Where(container => _waiting.ContainsKey(container) && Dependencies(container).All(IsMet)).ToList())
        {
            _waiting.Remove(container, out var start);
            container.RuntimeId = $"{task.Id}-{container.Id[..10]}";
            var runtime = start.Behaviour.RunApp && start.Image is not null ? parts.Real : parts.Scripted;
            _running[container] = runtime.Start(new ContainerStart(task, container, start.Image, start.Behaviour), events(container));
        }
    }

    /// <summary>The dependency of a waiting container that cannot be met any more, or was not met when its time was up; null when all may come.</summary>
    public (EcsContainer Waiting, EcsContainer Dependency)? Unmet(EcsContainer? late) => _waiting.Keys
        .SelectMany(waiting => Dependencies(waiting).Where(item => !IsMet(item) && (item.On == late || item.On.ExitCode is not null)).Select(item => ((EcsContainer, EcsContainer)?)(waiting, item.On)))
        .FirstOrDefault();

    /// <summary>Asks to stop whatever no other running container depends on; false when nothing runs any more.</summary>
    public bool StopNext()
    {
        foreach (var (container, running) in _running.Where(item => !_running.Keys.Any(other => Dependencies(other).Any(on => on.On == item.Key))).ToList())
        {
            if (_stopping.Add(container))
            {
                running.Stop(TimeSpan.FromSeconds((int?)container.Definition["stopTimeout"] ?? 30));
            }
        }

        return _running.Count > 0;
    }

    private IEnumerable<(EcsContainer On, string? Condition)> Dependencies(EcsContainer container) => (container.Definition["dependsOn"] as JsonArray ?? []).OfType<JsonObject>()
        .SelectMany(item => task.Containers.Where(other => other.Name == (string?)item["containerName"]).Select(other => (other, (string?)item["condition"])));

    private static bool IsMet((EcsContainer On, string? Condition) dependency) => dependency.Condition switch
    {
        "COMPLETE" => dependency.On.ExitCode is not null,
        "SUCCESS" => dependency.On.ExitCode == 0,
        "HEALTHY" => dependency.On.HealthStatus == "HEALTHY",
        _ => dependency.On.StartedAt is not null || dependency.On.ExitCode is not null,
    };
}
