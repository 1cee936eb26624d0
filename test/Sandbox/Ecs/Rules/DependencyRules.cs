using System.Text.Json.Nodes;
using Sandbox.Ecs.Api;

namespace Sandbox.Ecs.Rules;

/// <summary>What RegisterTaskDefinition refuses of dependsOn (ContainerDependency in the ECS model). All texts but the one with a source are inferred.</summary>
public static class DependencyRules
{
    public static void Check(IReadOnlyList<JsonObject> containers)
    {
        var byName = containers.ToDictionary(container => container.Text("name")!);
        foreach (var container in containers)
        {
            foreach (var item in container.Objects("dependsOn"))
            {
                CheckOne(container, byName.GetValueOrDefault(item.Text("containerName") ?? ""), item);
            }
        }

        // As "Container links should not have a cycle" (Shippable/support#4194).
        if (containers.Any(container => Reaches(byName, container, container, [])))
        {
            throw Errors.Client("Container dependencies should not have a cycle.");
        }
    }

    private static void CheckOne(JsonObject container, JsonObject? on, JsonObject item)
    {
        var condition = item.Text("condition");
        if (on is null)
        {
            throw Errors.Client($"Container '{container.Text("name")}' depends on container '{item.Text("containerName")}', which does not exist.");
        }

        // boto3#2436.
        if (condition is "SUCCESS" or "COMPLETE" && (bool?)on["essential"] != false)
        {
            throw Errors.Client("A dependency container with SUCCESS or COMPLETE condition cannot be an essential container");
        }

        if (condition is "HEALTHY" && on["healthCheck"] is null)
        {
            throw Errors.Client("A dependency container with HEALTHY condition must have a health check.");
        }
    }

    private static bool Reaches(Dictionary<string, JsonObject> byName, JsonObject from, JsonObject goal, HashSet<JsonObject> seen) =>
        from.Objects("dependsOn").Select(item => byName[item.Text("containerName")!])
            .Any(next => next == goal || (seen.Add(next) && Reaches(byName, next, goal, seen)));
}
