namespace EcsDeploy.Settings;

/// <summary>Reads what Bitbucket says of the step.</summary>
internal static class BitbucketReader
{
    public static BitbucketContext Read(IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        return new BitbucketContext
        {
            Workspace = Value("BITBUCKET_WORKSPACE"),
            RepositorySlug = Value("BITBUCKET_REPO_SLUG"),
            Commit = Value("BITBUCKET_COMMIT"),
            Branch = Value("BITBUCKET_BRANCH"),
            Tag = Value("BITBUCKET_TAG"),
            PullRequestId = Value("BITBUCKET_PR_ID"),
            BuildNumber = Value("BITBUCKET_BUILD_NUMBER"),
            DeploymentEnvironment = Value("BITBUCKET_DEPLOYMENT_ENVIRONMENT"),
            CloneDirectory = Value("BITBUCKET_CLONE_DIR") ?? workingDirectory,
        };

        string? Value(string name) => environment.TryGetValue(name, out var text) && text.Trim() is { Length: > 0 } trimmed ? trimmed : null;
    }
}
