namespace Sandbox.Ecs.State;

/// <summary>ARNs of one account and region, in the forms of the Service Authorization Reference (authorization.md §1.1).</summary>
public sealed class EcsNames(string account, string region)
{
    public string Account { get; } = account;

    public string Region { get; } = region;

    public string Partition { get; } = PartitionOf(region);

    public string Cluster(string cluster) => Ecs($"cluster/{cluster}");

    public string Service(string cluster, string service) => Ecs($"service/{cluster}/{service}");

    public string Task(string cluster, string id) => Ecs($"task/{cluster}/{id}");

    public string Container(string cluster, string task, string id) => Ecs($"container/{cluster}/{task}/{id}");

    public string ContainerInstance(string cluster, string id) => Ecs($"container-instance/{cluster}/{id}");

    public string TaskDefinition(string family, int revision) => Ecs($"task-definition/{family}:{revision}");

    public string ServiceDeployment(string cluster, string service, string id) => Ecs($"service-deployment/{cluster}/{service}/{id}");

    public string ServiceRevision(string cluster, string service, string id) => Ecs($"service-revision/{cluster}/{service}/{id}");

    /// <summary>A role's ARN from its ARN or its short name.</summary>
    public string Role(string role) => role.StartsWith("arn:", StringComparison.Ordinal) ? role : $"arn:{Partition}:iam::{Account}:role/{role}";

    /// <summary>The cluster that a request names: short name, ARN, or nothing for <c>default</c>.</summary>
    public static string ClusterName(string? value) => value is null or "" ? "default" : Last(value);

    /// <summary>What stands after the last slash: the name in an ARN, the whole of a short name.</summary>
    public static string Last(string value) => value[(value.LastIndexOf('/') + 1)..];

    /// <summary>The account in an ARN; null for a short name.</summary>
    public static string? AccountOf(string value) => value.StartsWith("arn:", StringComparison.Ordinal) && value.Split(':') is { Length: > 5 } parts ? parts[4] : null;

    /// <summary>The long ARN of a service in the cluster of this ARN; null when that is no cluster's.</summary>
    public static string? ServiceIn(string cluster, string service) => cluster.Split(':', 6) is [.. var place, { } resource] && resource.StartsWith("cluster/", StringComparison.Ordinal)
        ? $"{string.Join(':', place)}:service/{resource["cluster/".Length..]}/{service}"
        : null;

    private static string PartitionOf(string region) => region switch
    {
        _ when region.StartsWith("cn-", StringComparison.Ordinal) => "aws-cn",
        _ when region.StartsWith("us-gov-", StringComparison.Ordinal) => "aws-us-gov",
        _ => "aws",
    };

    private string Ecs(string resource) => $"arn:{Partition}:ecs:{Region}:{Account}:{resource}";
}
