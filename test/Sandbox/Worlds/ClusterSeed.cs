namespace Sandbox.Worlds;

/// <summary>An ECS cluster that is there from the start.</summary>
public sealed record ClusterSeed
{
    public required string AccountId { get; init; }

    /// <summary>Null means the world's region.</summary>
    public string? Region { get; init; }

    public required string Name { get; init; }

    /// <summary>The role of its EC2 machines; null for none.</summary>
    public string? InstanceRole { get; init; }

    public int Instances { get; init; }

    /// <summary>Log groups of its account.</summary>
    public IReadOnlyList<string> LogGroups { get; init; } = [];

    public IReadOnlyList<ServiceSeed> Services { get; init; } = [];
}

/// <summary>An ECS service that has long been steady when the sandbox starts.</summary>
public sealed record ServiceSeed
{
    /// <summary>The input of RegisterTaskDefinition as JSON text.</summary>
    public required string TaskDefinition { get; init; }

    /// <summary>The input of CreateService as JSON text; cluster and task definition are filled in.</summary>
    public required string Service { get; init; }
}
