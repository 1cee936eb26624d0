using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Sandbox.Ecr;

/// <summary>Every private registry of the sandbox: one per account and region, there from the start and empty, as in ECR.</summary>
public sealed class Registries(TimeProvider clock, BlobStore blobs, EcrHabits habits)
{
    private readonly ConcurrentDictionary<(string AccountId, string Region), AccountRegistry> _all = new();

    public BlobStore Blobs => blobs;

    public EcrHabits Habits => habits;

    public TimeProvider Clock => clock;

    public AccountRegistry Of(string accountId, string region) =>
        _all.GetOrAdd((accountId, region), static (key, owner) => new AccountRegistry(owner, key.AccountId, key.Region), this);

    /// <summary>Everything that is stored, for people to look at.</summary>
    public JsonObject Describe()
    {
        var state = new JsonObject();
        foreach (var registry in _all.Values.OrderBy(r => r.Host, StringComparer.Ordinal))
        {
            state[registry.Host] = registry.Describe();
        }

        return state;
    }
}
