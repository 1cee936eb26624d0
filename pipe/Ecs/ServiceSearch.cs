using EcsDeploy.Aws;
using EcsDeploy.Settings;

namespace EcsDeploy.Ecs;

/// <summary>Finds the services that were named, and answers a wrong name with the names that exist.</summary>
/// <param name="ecs">Calls in the target account.</param>
/// <param name="place">Account and region in words, for messages.</param>
/// <param name="regionFrom">Where the region comes from when AWS_DEFAULT_REGION was not given; else empty.</param>
internal sealed class ServiceSearch(EcsClient ecs, string place, string regionFrom = "")
{
    private readonly string _region = regionFrom.Length > 0 ? $"AWS_DEFAULT_REGION (it is not set, and {regionFrom})" : "AWS_DEFAULT_REGION";

    /// <summary>The services in the order they were asked for, ten to a call.</summary>
    public async Task<IReadOnlyList<ServiceState>> GetAsync(IReadOnlyList<ServiceSettings> wanted, CancellationToken token)
    {
        var found = new Dictionary<(string, string), ServiceState>();
        foreach (var group in wanted.GroupBy(service => service.Cluster))
        {
            foreach (var service in await DescribeAsync(group.Key, [.. group.Select(item => item.Name).Distinct()], token))
            {
                found[(group.Key, service.Name)] = service;
            }
        }

        var missing = wanted.Where(item => !found.ContainsKey((item.Cluster, item.Name))).GroupBy(item => item.Cluster, item => item.Name).ToList();
        if (missing.Count > 0)
        {
            var told = new List<string>();
            foreach (var group in missing)
            {
                told.Add(await MissingAsync(group.Key, [.. group.Distinct()], token));
            }

            throw new EcsSettingsException(string.Join('\n', told));
        }

        return [.. wanted.Select(item => found[(item.Cluster, item.Name)])];
    }

    /// <summary>Refuses, before anything is changed, what this pipe cannot roll.</summary>
    public static void CheckRollable(ServiceState service)
    {
        var reason = service switch
        {
            { Status: "DRAINING" } => "it is being deleted (DRAINING)",
            { Status: "INACTIVE" } => "it was deleted (INACTIVE)",
            { Controller: "CODE_DEPLOY" } => "AWS CodeDeploy deploys it (deployment controller CODE_DEPLOY), and would undo what UpdateService does. "
                + "Deploy it through CodeDeploy, or move it to the ECS controller, which has blue/green, linear and canary of its own",
            { Controller: "EXTERNAL" } => "another deployment controller owns its task sets (EXTERNAL). Deploy it through that one",
            _ => null,
        };
        if (reason is not null)
        {
            throw new EcsSettingsException($"Service {service.Name} in cluster {service.ClusterName} cannot be rolled: {reason}.");
        }
    }

    private async Task<IReadOnlyList<ServiceState>> DescribeAsync(string cluster, IReadOnlyList<string> names, CancellationToken token)
    {
        try
        {
            return await ecs.DescribeServicesAsync(cluster, names, token);
        }
        catch (AwsException fault) when (fault.Code == "ClusterNotFoundException")
        {
            throw new EcsSettingsException(
                $"Cluster '{cluster}' is not in {place}. "
                + await NamesThere.TellAsync("clusters", "ecs:ListClusters", ecs.ListClustersAsync, token)
                + $" Check CLUSTER_NAME, {_region} and the role's account.",
                fault);
        }
    }

    private async Task<string> MissingAsync(string cluster, IReadOnlyList<string> names, CancellationToken token)
    {
        var who = names is [var one] ? $"Service '{one}' is" : $"Services {string.Join(", ", names.Select(name => $"'{name}'"))} are";
        return $"{who} not in cluster '{cluster}' of {place}. "
            + await NamesThere.TellAsync("services", "ecs:ListServices", inner => ecs.ListServicesAsync(cluster, inner), token)
            + $" Check SERVICE_NAME, CLUSTER_NAME and {_region}.";
    }
}
