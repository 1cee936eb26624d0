using System.Text.Json.Nodes;

namespace EcsDeploy.Ecs;

/// <summary>A task as DescribeTasks answered it.</summary>
internal sealed class TaskState(JsonObject json)
{
    public string Arn => json.Text("taskArn") ?? "";

    public string Id => Arn[(Arn.LastIndexOf('/') + 1)..];

    /// <summary>For a service's task the id of the deployment that started it.</summary>
    public string? StartedBy => json.Text("startedBy");

    public string TaskDefinition => json.Text("taskDefinitionArn") ?? "";

    public string LastStatus => json.Text("lastStatus") ?? "";

    public bool IsStopped => LastStatus == "STOPPED";

    public string? StopCode => json.Text("stopCode");

    public string? StoppedReason => json.Said("stoppedReason");

    public DateTimeOffset? CreatedAt => json.Moment("createdAt");

    public DateTimeOffset? StoppedAt => json.Moment("stoppedAt");

    /// <summary>MiB of the whole task, as text; null when only its containers have limits.</summary>
    public string? Memory => json.Text("memory");

    public IReadOnlyList<ContainerState> Containers => [.. json.Members("containers").Select(item => new ContainerState(item))];

    /// <summary>
    /// Stopped because it did not work; not because a scheduler had no more use for it (event texts: "Scaling activity initiated by",
    /// "Task stopped by deployment"), somebody stopped it or its machine went away.
    /// </summary>
    public bool Failed => StopCode switch
    {
        "TaskFailedToStart" or "EssentialContainerExited" => true,
        "UserInitiated" or "SpotInterruption" or "TerminationNotice" or "InfrastructureHealth" => false,
        _ => StoppedReason?.Contains("failed", StringComparison.OrdinalIgnoreCase) == true
            || StoppedReason?.Contains("unhealthy", StringComparison.OrdinalIgnoreCase) == true,
    };
}

/// <summary>A container of a task.</summary>
internal sealed class ContainerState(JsonObject json)
{
    public string Name => json.Text("name") ?? "";

    public string? ImageDigest => json.Text("imageDigest");

    public string? Image => json.Text("image");

    /// <summary>Null while it runs, and when it never started.</summary>
    public int? ExitCode => json.Number("exitCode");

    public string? Reason => json.Said("reason");

    public string? Memory => json.Text("memory");
}
