using System.Text.Json.Nodes;

namespace Sandbox.Ecs.State;

/// <summary>An entry of a service's <c>deployments</c>: the tasks of one revision and how many there should be.</summary>
public sealed class Deployment
{
    private readonly LinkedList<EcsTask>[] _tasks = [new(), new(), new(), new()];

    /// <summary><c>ecs-svc/</c> and 19 digits; <c>startedBy</c> of its tasks.</summary>
    public required string Id { get; init; }

    public required ServiceRevision Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>PRIMARY or ACTIVE.</summary>
    public bool Primary { get; set; } = true;

    public int DesiredCount { get; set; }

    /// <summary>Consecutive failures, as DescribeServices shows them.</summary>
    public int FailedTasks { get; set; }

    /// <summary>IN_PROGRESS, COMPLETED or FAILED.</summary>
    public string RolloutState { get; set; } = "IN_PROGRESS";

    public string RolloutStateReason { get; set; } = "";

    /// <summary>Percent of production and of test traffic, where the strategy shifts traffic.</summary>
    public double ProductionWeight { get; set; }

    public double TestWeight { get; set; }

    /// <summary>A failed one launches no tasks any more.</summary>
    public bool Failed => RolloutState == "FAILED";

    public int Count(TaskPhase phase) => _tasks[(int)phase].Count;

    /// <summary>PENDING or RUNNING, not asked to stop.</summary>
    public int Live => Count(TaskPhase.Pending) + Running;

    public int Running => Count(TaskPhase.Running) + Count(TaskPhase.Healthy);

    public int All => Live + Count(TaskPhase.Stopping);

    public IEnumerable<EcsTask> In(TaskPhase phase) => _tasks[(int)phase];

    /// <summary>The longest in that phase.</summary>
    public EcsTask? First(TaskPhase phase) => _tasks[(int)phase].First?.Value;

    public EcsTask? Last(TaskPhase phase) => _tasks[(int)phase].Last?.Value;

    public void Enter(EcsTask task) => task.Place = _tasks[(int)TaskPhase.Pending].AddLast(task);

    public void Move(EcsTask task, TaskPhase from, TaskPhase to)
    {
        if (from == to || task.Place is not { } place)
        {
            return;
        }

        _tasks[(int)from].Remove(place);
        if (to == TaskPhase.Stopped)
        {
            task.Place = null;
            return;
        }

        _tasks[(int)to].AddLast(place);
    }

    /// <summary>Image digests by container, found by the first task that pulled (<c>versionConsistency</c>).</summary>
    public Dictionary<string, string> Digests => Revision.Digests;

    public JsonObject Definition => Revision.Definition;
}
