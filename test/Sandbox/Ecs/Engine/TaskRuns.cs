using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>The tasks that are under way.</summary>
public sealed class TaskRuns(TaskParts parts)
{
    private readonly Dictionary<EcsTask, TaskRun> _runs = [];

    public void Start(EcsTask task, ITaskObserver observer)
    {
        task.Cluster.Add(task);
        task.Deployment?.Enter(task);
        var run = new TaskRun(parts, task, observer);
        _runs.Add(task, run);
        run.Begin();
    }

    public void Stop(EcsTask task, string code, string reason)
    {
        if (_runs.TryGetValue(task, out var run))
        {
            run.Stop(code, reason);
        }
    }

    public void Forget(EcsTask task) => _runs.Remove(task);
}
