namespace Sandbox.Ecs.State;

/// <summary>An EC2 machine of a cluster with the room that is left on it.</summary>
public sealed class ContainerInstance
{
    public required string Arn { get; init; }

    /// <summary>The machine's own role, which pulls images for task definitions without an execution role.</summary>
    public string? RoleArn { get; init; }

    /// <summary>CPU units not taken yet.</summary>
    public int Cpu { get; set; } = 2048;

    /// <summary>MiB not taken yet.</summary>
    public int Memory { get; set; } = 3884;

    public string Platform { get; init; } = "linux/amd64";
}
