using EcsDeploy.Names;

namespace EcsDeploy.Ecs;

/// <summary>Picks the revision that a service can be taken back to: the one it ran steadily before the present one, or the one that was asked for.</summary>
internal sealed class RollbackFinder(EcsClient ecs)
{
    /// <summary>Says of a re-registered definition which one it restores, so that the next rollback goes further back and not forth again.</summary>
    public const string RestoresTag = "restores";

    private const int MostLooked = 40;

    /// <summary>The candidates, the nearest first: what ran steadily before the present definition did for the first time.</summary>
    public async Task<IReadOnlyList<RollbackTarget>> ListAsync(ServiceState service, CancellationToken token)
    {
        var current = await ecs.DescribeTaskDefinitionAsync(service.TaskDefinition, token);
        var names = new[] { current.Name, current.Tag(RestoresTag) };
        var history = await new LastGood(ecs).HistoryAsync(service, token);
        var first = history.Where(item => names.Contains(TaskDefinition.ShortName(item.TaskDefinition))).Min(item => item.SucceededAt)
            ?? DateTimeOffset.MaxValue;
        var earlier = history
            .GroupBy(item => item.TaskDefinition)
            .Select(group => group.MaxBy(item => item.SucceededAt)! with { SucceededAt = group.Min(item => item.SucceededAt) })
            .Where(item => item.SucceededAt < first && item.TaskDefinition != current.Arn)
            .OrderByDescending(item => item.SucceededAt)
            .Take(MostLooked);
        var targets = new List<RollbackTarget>();
        foreach (var item in earlier)
        {
            targets.Add(new RollbackTarget(await ecs.DescribeTaskDefinitionAsync(item.TaskDefinition, token), item.SucceededAt, item.Revision) { Current = current });
        }

        return targets;
    }

    /// <param name="service">As it runs now.</param>
    /// <param name="wish">ROLLBACK_TO: a revision, commit, build or digest; null for the nearest.</param>
    /// <param name="token">Ends the wait.</param>
    public async Task<RollbackTarget> FindAsync(ServiceState service, string? wish, CancellationToken token)
    {
        if (wish is not null && IsRevision(wish))
        {
            var definition = await ecs.DescribeTaskDefinitionAsync(wish, token);
            return new RollbackTarget(definition, null, null) { Current = await ecs.DescribeTaskDefinitionAsync(service.TaskDefinition, token) };
        }

        var targets = await ListAsync(service, token);
        return targets.FirstOrDefault(target => wish is null || target.Is(wish)) ?? throw new EcsSettingsException(
            wish is null
                ? $"Service {service.Name} has no earlier revision that is known to have run steadily (ECS keeps 90 days of history, and the role needs "
                    + "ecs:ListServiceDeployments, ecs:DescribeServiceRevisions). Set ROLLBACK_TO to a revision such as web:41."
                : $"ROLLBACK_TO is '{wish}': no such revision, commit, build or digest ran steadily on service {service.Name} before. "
                    + $"It can be: {string.Join(", ", targets.Select(target => target.ToString()))}.");
    }

    /// <summary><c>family:revision</c>: a revision may be named outright, whatever is known of it.</summary>
    private static bool IsRevision(string wish) =>
        wish.LastIndexOf(':') is > 0 and var colon && !Digest.TryParse(wish, out _) && wish[(colon + 1)..].All(char.IsAsciiDigit);
}

/// <summary>A revision that a service can be taken back to.</summary>
/// <param name="Definition">As it is registered, INACTIVE ones too.</param>
/// <param name="SucceededAt">When it first ran steadily; null when that is not known.</param>
/// <param name="Revision">The service revision with the images' digests; null when it was named outright.</param>
internal sealed record RollbackTarget(TaskDefinition Definition, DateTimeOffset? SucceededAt, ServiceRevision? Revision)
{
    public required TaskDefinition Current { get; init; }

    public string? Commit => Definition.Tag("commit");

    public string? Build => Definition.Tag("build");

    /// <summary>Image references that must still be in their registry.</summary>
    public IReadOnlyList<string> Images => [.. Definition.Json.Members("containerDefinitions").Select(container => container.Text("image")).OfType<string>()];

    /// <summary>What going back changes, a line each.</summary>
    public IReadOnlyList<string> Differences => TaskDefinitionDiff.Of(Current.Json, Definition.Json);

    public bool Is(string wish) =>
        wish == Definition.Name || wish == Build
        || (wish.Length >= 7 && Commit?.StartsWith(wish, StringComparison.OrdinalIgnoreCase) == true)
        || (Digest.TryParse(wish, out _)
            && (Images.Any(image => image.EndsWith(wish, StringComparison.Ordinal)) || Revision?.Images.Any(image => image.Digest == wish) == true));

    /// <summary>What has to be rolled: the revision itself, or a new one that says the same where the old one was deregistered.</summary>
    public TaskDefinitionChange Change()
    {
        if (Definition.IsActive)
        {
            return new TaskDefinitionChange { Existing = Definition.Arn, Differences = Differences };
        }

        var stamps = new Dictionary<string, string> { [RollbackFinder.RestoresTag] = Definition.Tag(RollbackFinder.RestoresTag) ?? Definition.Name };
        return new TaskDefinitionChange { Input = TaskDefinitionEdit.Copy(Definition, stamps), Differences = Differences };
    }

    public override string ToString() =>
        string.Concat(Definition.Name, Commit is { } commit ? $" (commit {commit[..Math.Min(12, commit.Length)]})" : "", Build is { } build ? $" (build {build})" : "");
}
