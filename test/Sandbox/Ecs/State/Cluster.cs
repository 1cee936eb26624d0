using System.Text.Json.Nodes;

namespace Sandbox.Ecs.State;

/// <summary>A cluster with its services, tasks and container instances.</summary>
public sealed class Cluster(EcsNames names, string name, JsonObject definition)
{
    public EcsNames Names { get; } = names;

    public string Name { get; } = name;

    public string Arn { get; } = names.Cluster(name);

    /// <summary>The members it was created with, known to us or not.</summary>
    public JsonObject Definition { get; } = definition;

    public JsonArray Tags { get; set; } = [];

    public bool Active { get; set; } = true;

    public SortedDictionary<string, Service> Services { get; } = new(StringComparer.Ordinal);

    public List<ContainerInstance> Instances { get; } = [];

    public Dictionary<string, EcsTask> Tasks { get; } = new(StringComparer.Ordinal);

    /// <summary>The same tasks in the order in which they were made, which is the order of ListTasks.</summary>
    public SortedSet<EcsTask> TasksInOrder { get; } = new(EcsTask.ByAge);

    /// <summary>Stopped tasks, oldest first: they are forgotten after an hour.</summary>
    public Queue<EcsTask> Stopped { get; } = [];

    public void Add(EcsTask task)
    {
        Tasks.Add(task.Id, task);
        TasksInOrder.Add(task);
        task.Service?.Tasks.Add(task);
    }

    /// <summary>Forgets tasks that stopped before <paramref name="limit"/> (DescribeTasks: stopped tasks appear for at least one hour).</summary>
    public void Forget(DateTimeOffset limit)
    {
        while (Stopped.TryPeek(out var task) && task.StoppedAt < limit)
        {
            Stopped.Dequeue();
            Tasks.Remove(task.Id);
            TasksInOrder.Remove(task);
            task.Service?.Tasks.Remove(task);
        }
    }
}
