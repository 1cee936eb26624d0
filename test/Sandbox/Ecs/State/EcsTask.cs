using System.Text.Json.Nodes;

namespace Sandbox.Ecs.State;

/// <summary>Where a task stands in its deployment's count.</summary>
public enum TaskPhase
{
    /// <summary>On its way to RUNNING.</summary>
    Pending,

    /// <summary>RUNNING, not yet counted towards the minimum healthy percent.</summary>
    Running,

    /// <summary>RUNNING and counted.</summary>
    Healthy,

    /// <summary>Asked to stop, not stopped yet.</summary>
    Stopping,

    /// <summary>STOPPED.</summary>
    Stopped,
}

/// <summary>A task: one run of a task definition.</summary>
public sealed class EcsTask
{
    /// <summary>Older tasks have lower numbers.</summary>
    public required long Number { get; init; }

    public required string Id { get; init; }

    public required Cluster Cluster { get; init; }

    public required TaskDefinition Definition { get; init; }

    /// <summary>Null for a task that RunTask started.</summary>
    public Service? Service { get; init; }

    public Deployment? Deployment { get; init; }

    public required string LaunchType { get; init; }

    public required string Group { get; init; }

    public string? StartedBy { get; init; }

    public ContainerInstance? Instance { get; set; }

    public JsonObject Overrides { get; init; } = [];

    public JsonArray Tags { get; init; } = [];

    /// <summary>Members of the request that the task carries as they are (<c>enableExecuteCommand</c>, <c>propagateTags</c>).</summary>
    public JsonObject Extra { get; init; } = [];

    public required List<EcsContainer> Containers { get; init; }

    public string LastStatus { get; set; } = "PROVISIONING";

    public string DesiredStatus { get; set; } = "RUNNING";

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? PullStartedAt { get; set; }

    public DateTimeOffset? PullStoppedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? StoppingAt { get; set; }

    public DateTimeOffset? ExecutionStoppedAt { get; set; }

    public DateTimeOffset? StoppedAt { get; set; }

    public string? StopCode { get; set; }

    public string? StoppedReason { get; set; }

    /// <summary>It was counted as healthy once: every health check that it has was passed.</summary>
    public bool WasHealthy { get; set; }

    /// <summary>Somebody asks how it is: the target group, or the check of an essential container.</summary>
    public bool HasHealthCheck => Service?.BehindLoadBalancer == true || Containers.Exists(container => container.Essential && container.HealthCheck is not null);

    /// <summary>A task whose target group finds it healthy; true where there is no target group.</summary>
    public bool TargetHealthy { get; set; }

    public int Version { get; set; } = 1;

    public string Arn => Cluster.Names.Task(Cluster.Name, Id);

    public bool Live => DesiredStatus == "RUNNING";

    /// <summary>The place in its deployment's list for its phase.</summary>
    public LinkedListNode<EcsTask>? Place { get; set; }

    public TaskPhase Phase
    {
        get;
        set
        {
            Deployment?.Move(this, field, value);
            field = value;
        }
    }

    public static IComparer<EcsTask> ByAge { get; } = Comparer<EcsTask>.Create((one, other) => one.Number.CompareTo(other.Number));

    /// <summary>A bound for searching in order of age; never part of a cluster.</summary>
    public static EcsTask Marker(long number) => new()
    {
        Number = number,
        Id = "",
        Cluster = null!,
        Definition = null!,
        LaunchType = "",
        Group = "",
        Containers = [],
        CreatedAt = DateTimeOffset.MinValue,
    };
}

/// <summary>One container of a task.</summary>
public sealed class EcsContainer
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    /// <summary>As it stands in the container definition.</summary>
    public required string Image { get; init; }

    public required JsonObject Definition { get; init; }

    public bool Essential => (bool?)Definition["essential"] ?? true;

    public JsonObject? HealthCheck => Definition["healthCheck"] as JsonObject;

    public string LastStatus { get; set; } = "PENDING";

    public string HealthStatus { get; set; } = "UNKNOWN";

    public string? ImageDigest { get; set; }

    public string? RuntimeId { get; set; }

    public int? ExitCode { get; set; }

    public string? Reason { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Where a really running app answers, <c>http://127.0.0.1:41234</c>.</summary>
    public string? Endpoint { get; set; }
}
