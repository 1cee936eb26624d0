namespace EcsDeploy.Outcomes;

/// <summary>A whole run, as it is reported when it is over.</summary>
internal sealed record RunSummary
{
    /// <summary>ACTION in lower case; null when it was none.</summary>
    public required string? Action { get; init; }

    /// <summary>Nothing was changed, and what would be was only told.</summary>
    public bool DryRun { get; init; }

    public string? Environment { get; init; }

    public PushedImage? Image { get; init; }

    /// <summary>Region of the target account; null when the settings could not be read.</summary>
    public string? Region { get; init; }

    /// <summary>AWS partition of the target account: aws, aws-cn, aws-us-gov.</summary>
    public string Partition { get; init; } = "aws";

    /// <summary>One for each service that was rolled.</summary>
    public IReadOnlyList<RolloutOutcome> Services { get; init; } = [];

    public required ExitCode ExitCode { get; init; }

    public required TimeSpan Duration { get; init; }
}
