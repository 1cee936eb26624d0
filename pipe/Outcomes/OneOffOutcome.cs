namespace EcsDeploy.Outcomes;

/// <summary>How a one-off task ended.</summary>
internal sealed record OneOffOutcome
{
    public required bool Succeeded { get; init; }

    /// <summary>Of the container that was asked for; null when it never ran to an end.</summary>
    public int? ContainerExitCode { get; init; }

    /// <summary>Null when no task could be started.</summary>
    public string? Task { get; init; }

    /// <summary>Why it did not succeed, the likely cause first; empty after a success.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    public TimeSpan Duration { get; init; }
}
