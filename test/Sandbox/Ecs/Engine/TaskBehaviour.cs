namespace Sandbox.Ecs.Engine;

/// <summary>What a container does once ECS has decided to run it. Without a word it pulls, starts, is healthy and runs until it is stopped.</summary>
public sealed record TaskBehaviour
{
    public TimeSpan PullTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>From the pulled image to a running container.</summary>
    public TimeSpan StartAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From running to its own end; zero means that it never is seen RUNNING; null means that it does not end by itself.</summary>
    public TimeSpan? ExitAfter { get; init; }

    public int ExitCode { get; init; }

    /// <summary>The container's reason at its end, <c>OutOfMemoryError: Container killed due to memory usage</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>ECS cannot start it, and this is why (<c>CannotStartContainerError: …</c>, <c>ResourceInitializationError: …</c>).</summary>
    public string? StopReason { get; init; }

    /// <summary>Its health check and its target group find it well from then on; <see cref="TimeSpan.MaxValue"/> is never.</summary>
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.Zero;

    /// <summary>… and ill from then on.</summary>
    public TimeSpan? UnhealthyAfter { get; init; }

    /// <summary>What the target group says of an ill one.</summary>
    public string TargetReason { get; init; } = "Health checks failed with these codes: [502]";

    /// <summary>From the stop signal to its end; longer than its stopTimeout, and it is killed (137).</summary>
    public TimeSpan StopsAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    public int StoppedExitCode { get; init; }

    /// <summary>No capacity for its task: the service event's reason; null means that there is room.</summary>
    public string? NoCapacity { get; init; }

    /// <summary>Lines it writes as soon as it runs.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>The image's app is really run, where the sandbox can do that.</summary>
    public bool RunApp { get; init; }
}
