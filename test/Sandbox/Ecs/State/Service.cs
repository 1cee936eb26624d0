using System.Text.Json.Nodes;

namespace Sandbox.Ecs.State;

/// <summary>A service: so many tasks of a definition, kept running.</summary>
public sealed class Service(Cluster cluster, string name, JsonObject definition)
{
    public Cluster Cluster { get; } = cluster;

    public string Name { get; } = name;

    public string Arn { get; } = cluster.Names.Service(cluster.Name, name);

    /// <summary>The members it was created or updated with, known to us or not; not those that have a property here.</summary>
    public JsonObject Definition { get; set; } = definition;

    public JsonArray Tags { get; set; } = [];

    /// <summary>ACTIVE, DRAINING or INACTIVE.</summary>
    public string Status { get; set; } = "ACTIVE";

    public int DesiredCount { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required TaskDefinition? TaskDefinition { get; set; }

    /// <summary>Newest first, as DescribeServices shows them.</summary>
    public List<Deployment> Deployments { get; } = [];

    /// <summary>All of them, oldest first.</summary>
    public List<ServiceDeployment> History { get; } = [];

    public Dictionary<string, ServiceRevision> Revisions { get; } = new(StringComparer.Ordinal);

    /// <summary>Lags behind the newest one: DescribeServices names it only when ECS has begun it.</summary>
    public ServiceDeployment? Current { get; set; }

    /// <summary>Where a rollback goes: the last deployment that completed.</summary>
    public Deployment? LastCompleted { get; set; }

    public ServiceEvents Events { get; } = new();

    public SortedSet<EcsTask> Tasks { get; } = new(EcsTask.ByAge);

    /// <summary>Rounds of tasks in a row that never reached RUNNING; they slow down the next start.</summary>
    public int FailedRounds { get; set; }

    /// <summary>No task is started before.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>What readers still see while reads lag behind a write; null means that the service is not seen at all.</summary>
    public (DateTimeOffset Until, JsonObject? View)? Stale { get; set; }

    public Deployment? Primary => Deployments.Find(deployment => deployment.Primary);

    public ServiceDeployment? Newest => History.Count == 0 ? null : History[^1];

    public bool Daemon => (string?)Definition["schedulingStrategy"] == "DAEMON";

    public string LaunchType => (string?)Definition["launchType"] ?? (UsesFargateProvider ? "FARGATE" : "EC2");

    public string Controller => (string?)Definition["deploymentController"]?["type"] ?? "ECS";

    public bool BehindLoadBalancer => Definition["loadBalancers"] is JsonArray { Count: > 0 };

    public TimeSpan HealthGrace => TimeSpan.FromSeconds((int?)Definition["healthCheckGracePeriodSeconds"] ?? 0);

    /// <summary>Does a target group ask this container?</summary>
    public bool IsTarget(string container) => (Definition["loadBalancers"] as JsonArray ?? []).Any(item => (string?)item?["containerName"] == container);

    private bool UsesFargateProvider =>
        (Definition["capacityProviderStrategy"] as JsonArray ?? []).Any(item => ((string?)item?["capacityProvider"] ?? "").StartsWith("FARGATE", StringComparison.Ordinal));
}
