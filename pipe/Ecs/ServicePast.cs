using System.Runtime.CompilerServices;
using EcsDeploy.Aws;
using EcsDeploy.Names;

namespace EcsDeploy.Ecs;

/// <summary>What ran on one service before, as far as ECS, the older view of deployments, or a record elsewhere can tell.</summary>
/// <param name="ecs">Calls in the target account.</param>
/// <param name="service">As it runs now.</param>
/// <param name="current">The definition that it runs now.</param>
internal sealed class ServicePast(EcsClient ecs, ServiceState service, TaskDefinition current)
{
    /// <summary>Definitions that are looked at one by one, at the pace that ECS allows.</summary>
    private const int MostLooked = 40;

    private readonly EarlierRevisions _revisions = new(ecs);
    private IReadOnlyList<GoodRevision>? _history;

    public ServiceState Service => service;

    public TaskDefinition Current => current;

    /// <summary>A definition that only restores another one is that one.</summary>
    private string CurrentKey => current.Tag(RollbackFinder.RestoresTag) ?? current.Name;

    public static async Task<ServicePast> OfAsync(EcsClient ecs, ServiceState service, CancellationToken token) =>
        new(ecs, service, await ecs.DescribeTaskDefinitionAsync(service.TaskDefinition, token));

    /// <summary>The successes that ECS knows of, the latest first; asked for once.</summary>
    public async Task<IReadOnlyList<GoodRevision>> HistoryAsync(CancellationToken token) => _history ??= await new LastGood(ecs).HistoryAsync(service, token);

    /// <summary>What ran steadily before the present definition, the nearest first.</summary>
    public async IAsyncEnumerable<RollbackTarget> SteadyAsync([EnumeratorCancellation] CancellationToken token)
    {
        var ways = SteadyHistory.WaysBack((await HistoryAsync(token)).Reverse(), KeyOf, CurrentKey).ToList();
        for (var i = 0; i < Math.Min(ways.Count, MostLooked); i++)
        {
            if (await TargetAsync(ways[i], token) is not { } target)
            {
                continue;
            }

            yield return target;

            // It says the same as an earlier one: what lies between was gone back from.
            if (target.Definition.Tag(RollbackFinder.RestoresTag) is { } restored && ways.FindIndex(i, way => KeyOf(way) == restored) is > 0 and var same)
            {
                i = same;
            }
        }
    }

    /// <summary>Where ECS's history begins with the present definition: what that took the place of.</summary>
    public async IAsyncEnumerable<RollbackTarget> BeforeHistoryAsync([EnumeratorCancellation] CancellationToken token)
    {
        var first = (await HistoryAsync(token)).LastOrDefault(item => KeyOf(item) == CurrentKey);
        await foreach (var target in SourcesOf(first?.Deployment, token))
        {
            yield return target;
        }
    }

    /// <summary>What a rollout under way takes the place of: by its own word, by the older view, or by what ran steadily last.</summary>
    public async Task<RollbackTarget?> ReplacedAsync(string rollout, CancellationToken token)
    {
        var (sources, history) = (await SourcesOf(rollout, token).ToListAsync(token), await HistoryAsync(token));

        // One that took the place of another unfinished one has several: what ran steadily is what it goes back to.
        return sources.Find(source => history.Any(item => item.TaskDefinition == source.Definition.Arn))
            ?? sources.FirstOrDefault()
            ?? await OlderViewAsync(token).FirstOrDefaultAsync(token)
            ?? await SteadyAsync(token).FirstOrDefaultAsync(token);
    }

    /// <summary>For a role that does not see ECS's history.</summary>
    public async IAsyncEnumerable<RollbackTarget> OlderViewAsync([EnumeratorCancellation] CancellationToken token)
    {
        foreach (var deployment in service.Deployments.Where(item => item is { Status: "ACTIVE", RolloutState: "COMPLETED" } && item.TaskDefinition != current.Arn))
        {
            if (await _revisions.FindAsync(deployment.TaskDefinition, token) is { } definition)
            {
                yield return new RollbackTarget(definition, null, null) { Current = current };
            }
        }
    }

    /// <summary>The revisions that have the digests on record, the nearest first.</summary>
    /// <param name="latestFirst">Each time that a digest came to run steadily.</param>
    /// <param name="token">Ends the wait.</param>
    public async IAsyncEnumerable<RollbackTarget> RecordedAsync(IReadOnlyList<Digest> latestFirst, [EnumeratorCancellation] CancellationToken token)
    {
        var now = Digests(current).FirstOrDefault(digest => latestFirst.Any(record => record.Text == digest));
        var ways = SteadyHistory.WaysBack(latestFirst.Reverse(), digest => digest.Text, now ?? "");

        // What is not on record may be older than all of it; only where ECS cannot say otherwise is the latest record what ran before.
        if (ways.Count == 0 || (now is null && (await HistoryAsync(token)).Count > 0))
        {
            yield break;
        }

        // Each revision is a call of its own, so no more are read than the nearest ways take.
        await using var family = _revisions.OfFamilyAsync(current, MostLooked, token).GetAsyncEnumerator(token);
        var read = new List<TaskDefinition>();
        foreach (var way in ways)
        {
            while (!read.Exists(definition => Digests(definition).Contains(way.Text)) && await family.MoveNextAsync())
            {
                read.Add(family.Current);
            }

            if (read.Find(definition => Digests(definition).Contains(way.Text)) is { } definition)
            {
                yield return new RollbackTarget(definition, null, null) { Current = current };
            }
        }
    }

    /// <summary>Everything that can be told of: what ran steadily, also what was gone back from, then what is only registered.</summary>
    public async IAsyncEnumerable<RollbackTarget> AllAsync([EnumeratorCancellation] CancellationToken token)
    {
        foreach (var item in (await HistoryAsync(token)).Where(item => item.TaskDefinition != current.Arn).DistinctBy(item => item.TaskDefinition).Take(MostLooked))
        {
            if (await TargetAsync(item, token) is { } target)
            {
                yield return target;
            }
        }

        await foreach (var definition in _revisions.OfFamilyAsync(current, MostLooked, token))
        {
            yield return new RollbackTarget(definition, null, null) { Current = current, RanBefore = false };
        }
    }

    /// <summary>A revision by its name; null when there is none.</summary>
    public async Task<RollbackTarget?> NamedAsync(string name, CancellationToken token)
    {
        if (await _revisions.FindAsync(name, token) is not { } definition)
        {
            return null;
        }

        var known = (await HistoryAsync(token)).FirstOrDefault(item => item.TaskDefinition == definition.Arn);
        return new RollbackTarget(definition, known?.SucceededAt, known?.Revision) { Current = current, RanBefore = known is not null };
    }

    private async Task<RollbackTarget?> TargetAsync(GoodRevision item, CancellationToken token) =>
        await _revisions.FindAsync(item.TaskDefinition, token) is { } definition ? new RollbackTarget(definition, item.SucceededAt, item.Revision) { Current = current } : null;

    private async IAsyncEnumerable<RollbackTarget> SourcesOf(string? deployment, [EnumeratorCancellation] CancellationToken token)
    {
        foreach (var revision in deployment is null ? [] : await SourceRevisionsAsync(deployment, token))
        {
            if (revision.TaskDefinition != current.Arn && await _revisions.FindAsync(revision.TaskDefinition, token) is { } definition)
            {
                yield return new RollbackTarget(definition, null, revision) { Current = current };
            }
        }
    }

    private async Task<IReadOnlyList<ServiceRevision>> SourceRevisionsAsync(string arn, CancellationToken token)
    {
        try
        {
            return await ecs.FindServiceDeploymentAsync(arn, token) is { Sources.Count: > 0 } deployment
                ? await ecs.DescribeServiceRevisionsAsync([.. deployment.Sources.Select(source => source.Arn).Distinct()], token)
                : [];
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return [];
        }
    }

    private string KeyOf(GoodRevision item) => item.TaskDefinition == current.Arn ? CurrentKey : TaskDefinition.ShortName(item.TaskDefinition);

    private static IEnumerable<string> Digests(TaskDefinition definition) => ContainerImage.AllOf(definition, null).Select(image => image.Digest).OfType<string>();
}
