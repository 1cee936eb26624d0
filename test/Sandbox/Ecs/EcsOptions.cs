namespace Sandbox.Ecs;

/// <summary>How long things take in this ECS, and which of its habits are on. The times are ordinary ones, not promises of AWS, unless a source is named.</summary>
public sealed record EcsOptions
{
    /// <summary>PROVISIONING: the network interface of a task.</summary>
    public TimeSpan Provisioning { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>DEPROVISIONING.</summary>
    public TimeSpan Deprovisioning { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From the request to the beginning of a service deployment; until then DescribeServices does not name it.</summary>
    public TimeSpan DeploymentLag { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From a change of a service's tasks to the scheduler's next look.</summary>
    public TimeSpan Reaction { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>ROLLBACK_REQUESTED, STOP_REQUESTED: the time until ECS acts.</summary>
    public TimeSpan RollbackLag { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The least time of a lifecycle stage.</summary>
    public TimeSpan Stage { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a rolling update whose tasks are all there still watches its alarms (ECS guide, deployment failure detection with alarms).</summary>
    public TimeSpan AlarmBake { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the target group keeps a task that is to stop; Elastic Load Balancing's default is 300 s.</summary>
    public TimeSpan DeregistrationDelay { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>DeploymentConfiguration.minimumHealthyPercent: a task without health check counts 40 s after RUNNING.</summary>
    public TimeSpan CountedAfter { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>DescribeTasks: stopped tasks appear for at least one hour.</summary>
    public TimeSpan StoppedTasksKept { get; init; } = TimeSpan.FromHours(1);

    /// <summary>DeregisterTaskDefinition: up to ten minutes until an INACTIVE definition is refused.</summary>
    public TimeSpan InactiveGrace { get; init; } = TimeSpan.Zero;

    /// <summary>From a line that a container writes to the moment when CloudWatch Logs answers it.</summary>
    public TimeSpan LogDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long readers see a service as it was before a write.</summary>
    public TimeSpan ReadLag { get; init; } = TimeSpan.Zero;

    /// <summary>Pages of at most this many, whatever the documented size.</summary>
    public int PageLimit { get; init; } = int.MaxValue;

    /// <summary>Containers whose behaviour nobody said run their image's app, with this machine's .NET.</summary>
    public bool RunApps { get; init; }

    /// <summary>The machine's <c>dotnet</c>; null means the first one in PATH.</summary>
    public string? Dotnet { get; init; }

    /// <summary>The token buckets of the request throttling page.</summary>
    public bool Throttling { get; init; } = true;
}
