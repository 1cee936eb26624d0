using Sandbox.Ecs.Engine;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>Amazon's token buckets per account and region (ECS API reference, request throttling; ecs.md §6). Actions that the page does not name are not limited.</summary>
public sealed class Throttle(TimeProvider time)
{
    private static readonly Dictionary<string, (string Bucket, int Burst, double PerSecond)> Table = Build(
        ("task definition modify", 20, 1, "RegisterTaskDefinition DeregisterTaskDefinition"),
        ("task definition read", 50, 20, "DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies"),
        ("service modify", 50, 5, "CreateService UpdateService DeleteService"),
        ("service read", 100, 20, "DescribeServices ListServices"),
        ("service deployment", 50, 20, "DescribeServiceDeployments ListServiceDeployments"),
        ("service revision", 50, 20, "DescribeServiceRevisions"),
        ("cluster resource modify", 100, 40, "RunTask StartTask StopTask ExecuteCommand"),
        ("cluster resource read", 100, 20, "DescribeTasks ListTasks"),
        ("cluster read", 50, 20, "DescribeClusters ListClusters"),
        ("cluster modify", 20, 1, "CreateCluster DeleteCluster"),
        ("tag modify", 20, 10, "TagResource UntagResource"),
        ("tag read", 50, 20, "ListTagsForResource"));

    private readonly Dictionary<(string Account, string Region, string Bucket), TokenBucket> _buckets = [];

    public void Take(ApiCall call)
    {
        if (!Table.TryGetValue(call.Operation, out var entry))
        {
            return;
        }

        var key = (call.Caller.AccountId, call.Region, entry.Bucket);
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            _buckets[key] = bucket = new TokenBucket(entry.Burst, entry.PerSecond);
        }

        if (bucket.Take(time.GetUtcNow(), 1) == 0)
        {
            throw new ApiException("ThrottlingException", "Rate exceeded");
        }
    }

    private static Dictionary<string, (string Bucket, int Burst, double PerSecond)> Build(params (string Bucket, int Burst, double PerSecond, string Actions)[] rows) =>
        rows.SelectMany(row => row.Actions.Split(' ').Select(action => (action, row)))
            .ToDictionary(pair => pair.action, pair => (pair.row.Bucket, pair.row.Burst, pair.row.PerSecond), StringComparer.Ordinal);
}
