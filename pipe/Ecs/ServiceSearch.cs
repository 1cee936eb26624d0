using EcsDeploy.Aws;
using EcsDeploy.Settings;

namespace EcsDeploy.Ecs;

/// <summary>Finds the services that were named, and answers a wrong name with the names that exist.</summary>
/// <param name="ecs">Calls in the target account.</param>
/// <param name="place">Account and region in words, for messages.</param>
internal sealed class ServiceSearch(EcsClient ecs, string place)
{
    private const int MostNames = 50;

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

        foreach (var missing in wanted.Where(item => !found.ContainsKey((item.Cluster, item.Name))))
        {
            throw new EcsSettingsException(
                $"Service '{missing.Name}' is not in cluster '{missing.Cluster}' of {place}. "
                + await NamesAsync("services", "ecs:ListServices", inner => ecs.ListServicesAsync(missing.Cluster, inner), token)
                + " Check SERVICE_NAME, CLUSTER_NAME and AWS_DEFAULT_REGION.");
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
                + await NamesAsync("clusters", "ecs:ListClusters", ecs.ListClustersAsync, token)
                + " Check CLUSTER_NAME, AWS_DEFAULT_REGION and the role's account.",
                fault);
        }
    }

    private static async Task<string> NamesAsync(
        string what, string permission, Func<CancellationToken, Task<IReadOnlyList<string>>> list, CancellationToken token)
    {
        try
        {
            var names = await list(token);
            return names.Count == 0
                ? $"There are no {what} there."
                : $"The {what} there: {string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? $" and {names.Count - MostNames} more" : "")}.";
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return $"(The role may not list {what}: with {permission} this message would name them.)";
        }
    }
}
