using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Sandbox.Ecr;

/// <summary>The registry of one account in one region.</summary>
public sealed class AccountRegistry
{
    /// <summary>The account setting of blob mounting (API PutAccountSetting).</summary>
    public const string BlobMounting = "BLOB_MOUNTING";

    private readonly ConcurrentDictionary<string, Repository> _repositories = new(StringComparer.Ordinal);

    internal AccountRegistry(Registries owner, string accountId, string region) => (Owner, AccountId, Region) = (owner, accountId, region);

    public string AccountId { get; }

    public string Region { get; }

    public string Partition => Region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
        : Region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov"
        : "aws";

    /// <summary>The name that images of this registry begin with.</summary>
    public string Host => $"{AccountId}.dkr.ecr.{Region}.amazonaws.com" + (Partition == "aws-cn" ? ".cn" : "");

    /// <summary>True: scans are enhanced, for the whole registry, and stay ACTIVE instead of ending.</summary>
    public bool ScansAreEnhanced { get; set; }

    /// <summary>Where images go by themselves; empty without replication.</summary>
    public IReadOnlyList<ReplicationDestination> Replication { get; set; } = [];

    internal Registries Owner { get; }

    /// <summary>PutAccountSetting's values by name.</summary>
    internal ConcurrentDictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    internal bool MountsBlobs => Settings.TryGetValue(BlobMounting, out var value) && value == "ENABLED";

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<Repository> Repositories => [.. _repositories.Values.OrderBy(r => r.Name, StringComparer.Ordinal)];

    public string ArnOf(string repositoryName) => $"arn:{Partition}:ecr:{Region}:{AccountId}:repository/{repositoryName}";

    /// <summary>Null when there is none of that name.</summary>
    public Repository? Find(string name) => _repositories.GetValueOrDefault(name);

    public Repository Get(string name) => Find(name) ?? throw EcrErrors.RepositoryNotFound(this, name);

    public Repository Create(string name, RepositorySettings settings)
    {
        var repository = new Repository(this, name, settings);
        return _repositories.TryAdd(name, repository) ? repository : throw EcrErrors.RepositoryExists(this, name);
    }

    internal void Remove(Repository repository) => _repositories.TryRemove(KeyValuePair.Create(repository.Name, repository));

    internal JsonObject Describe()
    {
        var repositories = new JsonObject();
        foreach (var repository in Repositories)
        {
            repositories[repository.Name] = repository.Describe();
        }

        return repositories;
    }
}

/// <summary>Where images are replicated to: it takes its time from push to COMPLETE, or to FAILED when there is a failure code.</summary>
public sealed record ReplicationDestination(string Region, string RegistryId, TimeSpan Takes, string? FailureCode = null);
