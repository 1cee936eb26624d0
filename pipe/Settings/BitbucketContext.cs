namespace EcsDeploy.Settings;

/// <summary>What Bitbucket says of the step; each value is null when the pipe runs elsewhere.</summary>
internal sealed record BitbucketContext
{
    public string? Workspace { get; init; }

    public string? RepositorySlug { get; init; }

    /// <summary>Null outside Bitbucket; may be a short hash in pull requests.</summary>
    public string? Commit { get; init; }

    public string? Branch { get; init; }

    public string? Tag { get; init; }

    public string? PullRequestId { get; init; }

    public string? BuildNumber { get; init; }

    public string? DeploymentEnvironment { get; init; }

    /// <summary>The folder that relative paths start from: BITBUCKET_CLONE_DIR, else the working directory.</summary>
    public required string CloneDirectory { get; init; }
}
