using System.Runtime.CompilerServices;
using EcsDeploy.Names;

namespace EcsDeploy.Ecs;

/// <summary>Picks the revision that a service can be taken back to: the one it ran steadily before the present one, or the one that was asked for.</summary>
/// <param name="past">What ran on the service before.</param>
/// <param name="recorded">The digests that the registry has on record for the environment, the latest first; asked only where ECS's own history has nothing.</param>
internal sealed class RollbackFinder(ServicePast past, Func<CancellationToken, Task<IReadOnlyList<Digest>>>? recorded = null)
{
    /// <summary>Says of a re-registered definition which one it restores, so that the next rollback goes further back and not forth again.</summary>
    public const string RestoresTag = "restores";

    private const int MostChoices = 10;

    /// <summary>The candidates, the nearest first; each is described only when it is asked for, and left out when its definition was deleted.</summary>
    public async IAsyncEnumerable<RollbackTarget> ListAsync([EnumeratorCancellation] CancellationToken token)
    {
        IAsyncEnumerable<RollbackTarget>[] sources = [past.SteadyAsync(token), past.BeforeHistoryAsync(token), past.OlderViewAsync(token), RecordedAsync(token)];
        foreach (var source in sources)
        {
            var found = false;
            await foreach (var target in source)
            {
                found = true;
                yield return target;
            }

            if (found)
            {
                yield break;
            }
        }
    }

    /// <summary>What a rollout under way takes the place of; null when nobody can tell.</summary>
    public Task<RollbackTarget?> FindReplacedAsync(ServiceDeploymentState running, CancellationToken token) => past.ReplacedAsync(running.Arn, token);

    /// <param name="wish">ROLLBACK_TO: a revision, commit, build or digest; null for the nearest.</param>
    /// <param name="token">Ends the wait.</param>
    public async Task<RollbackTarget> FindAsync(string? wish, CancellationToken token)
    {
        if (wish is null)
        {
            return await ListAsync(token).FirstOrDefaultAsync(token) ?? throw new EcsSettingsException(
                $"Service {past.Service.Name} has no earlier revision that is known to have run steadily (ECS keeps 90 days of history, and the role needs "
                + "ecs:ListServiceDeployments, ecs:DescribeServiceRevisions). Set ROLLBACK_TO to a revision such as web:41.");
        }

        var found = IsRevision(wish)
            ? await past.NamedAsync(wish, token)
            : await past.AllAsync(token).FirstOrDefaultAsync(target => target.Is(wish), token);
        return found ?? throw new EcsSettingsException(
            $"ROLLBACK_TO is '{wish}': no such revision, commit, build or digest is known of service {past.Service.Name}. {await ChoicesAsync(token)}");
    }

    private async IAsyncEnumerable<RollbackTarget> RecordedAsync([EnumeratorCancellation] CancellationToken token)
    {
        if (recorded is null)
        {
            yield break;
        }

        await foreach (var target in past.RecordedAsync(await recorded(token), token))
        {
            yield return target;
        }
    }

    private async Task<string> ChoicesAsync(CancellationToken token)
    {
        var choices = await ListAsync(token).Take(MostChoices).Select(target => target.ToString()).ToListAsync(token);
        return choices.Count > 0 ? $"It can be: {string.Join(", ", choices)}." : "It can be a revision such as web:41.";
    }

    /// <summary><c>family:revision</c>: a revision may be named outright, whatever is known of it.</summary>
    private static bool IsRevision(string wish) =>
        wish.LastIndexOf(':') is > 0 and var colon && !Digest.TryParse(wish, out _) && wish[(colon + 1)..].All(char.IsAsciiDigit);
}
