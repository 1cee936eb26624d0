using EcsDeploy.Time;

namespace EcsDeploy.Ecs;

/// <summary>
/// Keeps this run inside ECS's documented token buckets per account and Region (Amazon ECS API reference, "Request throttling"): a call waits until
/// its bucket has a token again. Four fifths of each are used, since a team's other pipelines draw on the same ones.
/// </summary>
internal sealed class CallBudget(TimeProvider time)
{
    private const double Share = 0.8;

    private static readonly Dictionary<string, string> BucketOf = new()
    {
        ["RegisterTaskDefinition"] = "definition modify",
        ["DescribeTaskDefinition"] = "definition read",
        ["ListTaskDefinitions"] = "definition read",
        ["UpdateService"] = "service modify",
        ["DescribeServices"] = "service read",
        ["ListServices"] = "service read",
        ["DescribeServiceDeployments"] = "deployment",
        ["ListServiceDeployments"] = "deployment",
        ["DescribeServiceRevisions"] = "revision",
        ["RunTask"] = "task modify",
        ["StopTask"] = "task modify",
        ["ListTasks"] = "task read",
        ["DescribeTasks"] = "task read",
        ["ListClusters"] = "cluster read",

        // Not in Amazon's table; each changes a service, so they keep the pace of that.
        ["StopServiceDeployment"] = "deployment modify",
        ["ContinueServiceDeployment"] = "deployment modify",
    };

    private static readonly Dictionary<string, (double Burst, double PerSecond)> Sizes = new()
    {
        ["definition modify"] = (20, 1),
        ["definition read"] = (50, 20),
        ["service modify"] = (50, 5),
        ["service read"] = (100, 20),
        ["deployment"] = (50, 20),
        ["revision"] = (50, 20),
        ["task modify"] = (100, 40),
        ["task read"] = (100, 20),
        ["cluster read"] = (50, 20),
        ["deployment modify"] = (50, 5),
    };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Tokens, long At)> _buckets = [];

    public async Task TakeAsync(string operation, CancellationToken token)
    {
        if (BucketOf.TryGetValue(operation, out var bucket) && Draw(bucket) is { Ticks: > 0 } wait)
        {
            await Waiting.ForAsync(wait, time, token);
        }
    }

    /// <summary>Draws a token, on credit if need be, and says how long until it is there.</summary>
    private TimeSpan Draw(string bucket)
    {
        var (burst, perSecond) = (Sizes[bucket].Burst * Share, Sizes[bucket].PerSecond * Share);
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var (tokens, at) = _buckets.TryGetValue(bucket, out var kept) ? kept : (burst, now);
            tokens = Math.Min(burst, tokens + (time.GetElapsedTime(at, now).TotalSeconds * perSecond)) - 1;
            _buckets[bucket] = (tokens, now);
            return tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-tokens / perSecond);
        }
    }
}
