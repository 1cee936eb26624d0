using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>Clusters.</summary>
public sealed partial class ClusterOperations(ApiParts parts)
{
    public JsonObject Create(ApiCall call)
    {
        var account = parts.Account(call);
        var name = EcsNames.ClusterName(call.Input.Text("clusterName"));
        parts.Access.Demand(call, "CreateCluster", "*", Access.RequestTags(call.Input));
        parts.Access.DemandTags(call, account.Names.Cluster(name));
        if (!Name().IsMatch(name))
        {
            throw Errors.Invalid("Invalid cluster name");
        }

        if (!account.Clusters.TryGetValue(name, out var cluster) || !cluster.Active)
        {
            cluster = Add(account, name, call.Input);
        }

        return new JsonObject { ["cluster"] = View(cluster, ["TAGS", "SETTINGS", "CONFIGURATIONS"]) };
    }

    public static Cluster Add(EcsAccount account, string name, JsonObject input)
    {
        var definition = (JsonObject)input.DeepClone();
        definition.Remove("clusterName");
        definition.Remove("tags");
        var cluster = new Cluster(account.Names, name, definition) { Tags = (input["tags"] as JsonArray)?.Copy() ?? [] };
        account.Clusters[name] = cluster;
        return cluster;
    }

    public JsonObject Describe(ApiCall call)
    {
        var account = parts.Account(call);
        var wanted = call.Input.Texts("clusters");
        var names = wanted.Count == 0 ? ["default"] : wanted;
        if (names.Count > 100)
        {
            throw Errors.Invalid("Clusters should contain at most 100 items.");
        }

        var found = new JsonArray();
        var failures = new JsonArray();
        var include = call.Input.Texts("include").ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var arn = EcsNames.AccountOf(name) is null ? account.Names.Cluster(name) : name;
            var cluster = account.Clusters.GetValueOrDefault(EcsNames.Last(name));
            parts.Access.Demand(call, "DescribeClusters", arn, Access.ResourceTags(cluster?.Tags));
            if (cluster is null)
            {
                failures.Add((JsonNode)new JsonObject { ["arn"] = arn, ["reason"] = "MISSING" });
            }
            else
            {
                found.Add((JsonNode)View(cluster, include));
            }
        }

        return new JsonObject { ["clusters"] = found, ["failures"] = failures };
    }

    public JsonObject List(ApiCall call)
    {
        parts.Access.Demand(call, "ListClusters", "*");
        var clusters = parts.Account(call).Clusters.Values.Where(cluster => cluster.Active);
        var answer = new JsonObject();
        answer["clusterArns"] = parts.Paging.Page(call, answer, new PageOf<Cluster>(100, 100, clusters, cluster => cluster.Name, cluster => cluster.Arn));
        return answer;
    }

    public JsonObject Delete(ApiCall call)
    {
        parts.Access.Demand(call, "DeleteCluster", parts.ClusterArn(call));
        var cluster = parts.Cluster(call);
        if (cluster.Services.Values.Any(service => service.Status != "INACTIVE"))
        {
            throw new ApiException("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.");
        }

        if (cluster.TasksInOrder.Any(task => task.Live))
        {
            throw new ApiException("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.");
        }

        if (cluster.Instances.Count > 0)
        {
            throw new ApiException("ClusterContainsContainerInstancesException", "The Cluster cannot be deleted while Container Instances are active or draining.");
        }

        cluster.Active = false;
        return new JsonObject { ["cluster"] = View(cluster, []) };
    }

    private static JsonObject View(Cluster cluster, HashSet<string> include)
    {
        var active = cluster.Services.Values.Where(service => service.Status != "INACTIVE").ToList();
        var view = new JsonObject
        {
            ["clusterArn"] = cluster.Arn,
            ["clusterName"] = cluster.Name,
            ["status"] = cluster.Active ? "ACTIVE" : "INACTIVE",
            ["registeredContainerInstancesCount"] = cluster.Instances.Count,
            ["runningTasksCount"] = cluster.TasksInOrder.Count(task => task.LastStatus == "RUNNING"),
            ["pendingTasksCount"] = cluster.TasksInOrder.Count(task => task.LastStatus is "PROVISIONING" or "PENDING"),
            ["activeServicesCount"] = active.Count,
            ["statistics"] = Json.Array([]),
            ["tags"] = include.Contains("TAGS") ? cluster.Tags.Copy() : [],
            ["settings"] = include.Contains("SETTINGS") ? cluster.Definition["settings"]?.DeepClone() ?? new JsonArray() : new JsonArray(),
            ["capacityProviders"] = cluster.Definition["capacityProviders"]?.DeepClone() ?? new JsonArray(),
            ["defaultCapacityProviderStrategy"] = cluster.Definition["defaultCapacityProviderStrategy"]?.DeepClone() ?? new JsonArray(),
        };
        if (include.Contains("CONFIGURATIONS"))
        {
            view["configuration"] = cluster.Definition["configuration"]?.DeepClone();
        }

        return view.WithoutNulls().With(Others(cluster.Definition));
    }

    /// <summary>Members that the model does not show, or that are not known to us: given back as they came.</summary>
    private static JsonObject Others(JsonObject definition)
    {
        var others = (JsonObject)definition.DeepClone();
        others.Remove("configuration");
        return others;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,255}\z")]
    private static partial Regex Name();
}
