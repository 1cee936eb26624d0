using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcsDeploy.Ecs;

/// <summary>
/// A task definition as a flat list of what it means, path to value: what only answers carry, tags, empty members and the server's defaults are
/// left out, and lists whose order means nothing are keyed by name. Two definitions with equal meaning need no new revision.
/// </summary>
internal static partial class TaskDefinitionMeaning
{
    /// <summary>What ECS fills in when a member is absent (ECS model, ContainerDefinition, HealthCheck, PortMapping): the path without keys of lists, and the value.</summary>
    private static readonly Dictionary<string, string> ServerDefaults = new()
    {
        ["enableFaultInjection"] = "false",
        ["networkMode"] = "bridge",
        ["containerDefinitions[].cpu"] = "0",
        ["containerDefinitions[].essential"] = "true",
        ["containerDefinitions[].portMappings[].protocol"] = "tcp",
        ["containerDefinitions[].portMappings[].hostPort"] = "0",
        ["containerDefinitions[].healthCheck.interval"] = "30",
        ["containerDefinitions[].healthCheck.timeout"] = "5",
        ["containerDefinitions[].healthCheck.retries"] = "3",
        ["containerDefinitions[].healthCheck.startPeriod"] = "0",
    };

    public static SortedDictionary<string, string> Of(JsonObject definition)
    {
        var meaning = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var awsvpc = definition.Text("networkMode") == "awsvpc";
        foreach (var (name, value) in definition)
        {
            if (name != "tags" && !TaskDefinitionEdit.AnswerOnly.Contains(name))
            {
                Walk(name, value, meaning);
            }
        }

        if (awsvpc)
        {
            DropEqualHostPorts(meaning);
        }

        return meaning;
    }

    public static bool Same(JsonObject one, JsonObject other) => Of(one).SequenceEqual(Of(other));

    private static void Walk(string path, JsonNode? node, SortedDictionary<string, string> meaning)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (var (name, value) in json)
                {
                    Walk($"{path}.{name}", value, meaning);
                }

                break;
            case JsonArray list:
                WalkList(path, list, meaning);
                break;
            case JsonValue value when !IsDefault(path, Normal(path, value)):
                meaning[path] = Normal(path, value);
                break;
        }
    }

    private static void WalkList(string path, JsonArray list, SortedDictionary<string, string> meaning)
    {
        if (list.Count == 0)
        {
            return;
        }

        if (list.All(item => item is JsonValue))
        {
            var texts = list.Select(item => item!.ToJsonString());
            // Only the order of words in commands and checks means something.
            meaning[path] = $"[{string.Join(", ", path == "requiresCompatibilities" ? texts.Order(StringComparer.Ordinal) : texts)}]";
            return;
        }

        var keys = list.Select(item => Key(item as JsonObject)).ToList();
        var named = keys.All(key => key is not null) && keys.Distinct().Count() == keys.Count;
        for (var i = 0; i < list.Count; i++)
        {
            Walk($"{path}[{(named ? keys[i] : i.ToString(CultureInfo.InvariantCulture))}]", list[i], meaning);
        }
    }

    /// <summary>What an entry of a list is known by.</summary>
    private static string? Key(JsonObject? entry) =>
        entry.Text("name") ?? entry.Text("containerPath") ?? (entry?["containerPort"] as JsonValue)?.ToJsonString();

    private static bool IsDefault(string path, string value) => ServerDefaults.GetValueOrDefault(ListKey().Replace(path, "[]")) == value;

    /// <summary>ECS answers "1 vCPU" and "2 GB" as "1024" and "2048"; everything else as it was written.</summary>
    private static string Normal(string path, JsonValue value)
    {
        var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        var unit = path switch { "cpu" => "vcpu", "memory" => "gb", _ => null };
        return unit is not null && text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
            && double.TryParse(text.AsSpan(0, text.Length - unit.Length), CultureInfo.InvariantCulture, out var number)
                ? (number * 1024).ToString(CultureInfo.InvariantCulture)
                : text;
    }

    /// <summary>Under awsvpc ECS sets the host's port to the container's.</summary>
    private static void DropEqualHostPorts(SortedDictionary<string, string> meaning)
    {
        const string HostPort = ".hostPort";
        foreach (var path in meaning.Keys.Where(key => key.EndsWith(HostPort, StringComparison.Ordinal)).ToList())
        {
            if (meaning.GetValueOrDefault(path[..^HostPort.Length] + ".containerPort") == meaning[path])
            {
                meaning.Remove(path);
            }
        }
    }

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex ListKey();
}
