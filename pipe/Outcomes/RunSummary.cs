namespace EcsDeploy.Outcomes;

/// <summary>A whole run, as it is reported when it is over.</summary>
internal sealed record RunSummary
{
    /// <summary>ACTION in lower case.</summary>
    public required string Action { get; init; }

    public string? Environment { get; init; }

    public PushedImage? Image { get; init; }

    public IReadOnlyList<ServiceOutcome> Services { get; init; } = [];

    public required ExitCode ExitCode { get; init; }

    public required TimeSpan Duration { get; init; }
}
