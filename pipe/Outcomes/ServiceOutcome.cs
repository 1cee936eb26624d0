namespace EcsDeploy.Outcomes;

/// <summary>What became of one service in this run, in the words that people and later steps read.</summary>
internal sealed record ServiceOutcome
{
    public required string Cluster { get; init; }

    public required string Service { get; init; }

    public required string Region { get; init; }

    /// <summary>AWS partition of the service: aws, aws-cn, aws-us-gov.</summary>
    public string Partition { get; init; } = "aws";

    /// <summary>How it ended, design's words: "succeeded", "rolled back".</summary>
    public required string Verdict { get; init; }

    public required ExitCode ExitCode { get; init; }

    /// <summary>The likely cause in one sentence; null when nothing went wrong.</summary>
    public string? Reason { get; init; }

    /// <summary>What answers requests now and how to go back: the last line of the log.</summary>
    public required string ServesNow { get; init; }

    /// <summary><c>family:revision</c> that was rolled; null when none was.</summary>
    public string? TaskDefinition { get; init; }

    /// <summary><c>family:revision</c> that ran before; null when unknown.</summary>
    public string? PreviousTaskDefinition { get; init; }
}
