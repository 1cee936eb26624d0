using System.Text.Json.Nodes;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>What a container really runs with: its definition, and over it the task's overrides.</summary>
public static class ContainerSettings
{
    public static JsonNode? Member(EcsTask task, EcsContainer container, string member) => Override(task, container)?[member] ?? container.Definition[member];

    public static IReadOnlyDictionary<string, string> Environment(EcsTask task, EcsContainer container)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in new[] { container.Definition, Override(task, container) })
        {
            foreach (var pair in (source?["environment"] as JsonArray ?? []).OfType<JsonObject>())
            {
                values[(string?)pair["name"] ?? ""] = (string?)pair["value"] ?? "";
            }
        }

        return values;
    }

    private static JsonObject? Override(EcsTask task, EcsContainer container) =>
        (task.Overrides["containerOverrides"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(item => (string?)item["name"] == container.Name);
}
