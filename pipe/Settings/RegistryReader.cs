using EcsDeploy.Names;

namespace EcsDeploy.Settings;

/// <summary>Reads which repository, which tags and what ECR's scan must say.</summary>
internal static class RegistryReader
{
    // ECR's severities (ECR API, FindingSeverity), from the mildest; NONE means that nobody waits for a scan.
    private static readonly string[] Severities = ["NONE", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"];

    public static EcrRepository? Repository(PipeVariables variables, string name) =>
        variables.Parsed(name, text => EcrRepository.TryParse(text, out var repository) ? repository : null, EcrRepository.Rule);

    public static RegistrySettings? Read(PipeVariables variables, PipeAction action, BitbucketContext bitbucket)
    {
        var repository = Repository(variables, VariableNames.EcrRepository);
        var source = Repository(variables, VariableNames.SourceEcrRepository);
        var tags = Tags(variables, action, bitbucket);
        var create = variables.Flag(VariableNames.EcrCreate);
        var threshold = Threshold(variables);
        var timeout = variables.Minutes(VariableNames.ScanTimeout, 240);

        // A repository that is missing or wrong is a fault already where the action needs one; elsewhere there is none.
        return repository is null ? null : new RegistrySettings
        {
            Repository = repository,
            Source = source,
            Tags = tags,
            CommitTag = ImageTag.TryParse(CommitText(bitbucket), out var commit) ? commit : null,
            Create = create ?? false,
            ScanThreshold = threshold,
            ScanAllowFile = variables.Text(VariableNames.ScanAllow),
            ScanTimeout = timeout,
        };
    }

    private static string? Threshold(PipeVariables variables)
    {
        var threshold = variables.Parsed(
            VariableNames.ScanThreshold,
            text => Severities.FirstOrDefault(severity => severity.Equals(text, StringComparison.OrdinalIgnoreCase)),
            string.Join(" or ", Severities));
        return threshold == Severities[0] ? null : threshold;
    }

    private static IReadOnlyList<ImageTag> Tags(PipeVariables variables, PipeAction action, BitbucketContext bitbucket)
    {
        if (variables.Find(VariableNames.Tags) is not null)
        {
            var tags = variables.ParsedWords(VariableNames.Tags, text => ImageTag.TryParse(text, out var tag) ? tag : null, ImageTag.Rule);
            // PROMOTE_FROM believes such a tag, so nobody may put one on an image that never ran.
            foreach (var tag in tags.Where(tag => tag.Text.StartsWith(RegistrySettings.RecordPrefix, StringComparison.Ordinal)))
            {
                variables.Notes.Fault($"{VariableNames.Tags} has the entry '{tag}'. Tags that begin with '{RegistrySettings.RecordPrefix}' are the registry's record of what succeeded where: only a rollout writes them.");
            }

            return tags;
        }

        // A promoted image has the tags that it was pushed with.
        if (action is not (PipeAction.Deploy or PipeAction.Push))
        {
            return [];
        }

        if (CommitText(bitbucket) is not { } text)
        {
            variables.Notes.Fault($"{VariableNames.Tags} is not set, and there is no BITBUCKET_COMMIT to tag the image with. It must be one tag or more.");
            return [];
        }

        if (ImageTag.TryParse(text, out var standard))
        {
            return [standard];
        }

        variables.Notes.Fault($"BITBUCKET_COMMIT and BITBUCKET_PR_ID give the tag '{SettingsNotes.Line(text)}', which is none. Set {VariableNames.Tags} to {ImageTag.Rule}.");
        return [];
    }

    private static string? CommitText(BitbucketContext bitbucket) =>
        bitbucket is { Commit: { } commit, PullRequestId: { } pullRequest } ? $"pr-{pullRequest}-{commit}" : bitbucket.Commit;
}
