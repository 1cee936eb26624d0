using System.Text.Json.Nodes;
using Sandbox.Ecs.State;
using Sandbox.Logs;
using Sandbox.Worlds;

namespace Sandbox.Ecs.Api;

/// <summary>Makes the clusters and services of a world, without asking anyone for permission.</summary>
internal static class Planting
{
    public static void Plant(World world, ApiParts parts, ServiceOperations services, LogStore logs)
    {
        foreach (var seed in world.Clusters)
        {
            var account = parts.Account(seed.AccountId, seed.Region ?? world.Region);
            var cluster = ClusterOperations.Add(account, seed.Name, []);
            for (var number = 0; number < seed.Instances; number++)
            {
                cluster.Instances.Add(new ContainerInstance { Arn = account.Names.ContainerInstance(seed.Name, parts.Ids.Hex()), RoleArn = seed.InstanceRole });
            }

            foreach (var group in seed.LogGroups)
            {
                logs.Create(seed.AccountId, seed.Region ?? world.Region, group);
            }

            foreach (var service in seed.Services)
            {
                var definition = TaskDefinitionOperations.Add(account, Parse(service.TaskDefinition), parts.Now, $"arn:{cluster.Names.Partition}:iam::{seed.AccountId}:user/admin");
                services.Add(cluster, Parse(service.Service), definition, $"arn:{cluster.Names.Partition}:iam::{seed.AccountId}:user/admin");
            }
        }
    }

    private static JsonObject Parse(string text) => (JsonObject)JsonNode.Parse(text)!;
}
