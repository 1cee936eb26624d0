using System.Text.Json.Nodes;
using EcsDeploy.Settings;

namespace EcsDeploy.Ecs;

/// <summary>
/// Makes the input of RegisterTaskDefinition from a definition as it is: what was asked is changed, what only answers carry is dropped, and all
/// else stays, known to us or not.
/// </summary>
internal static class TaskDefinitionEdit
{
    /// <summary>TaskDefinition minus RegisterTaskDefinitionRequest in the ECS model of 2026-08.</summary>
    public static readonly IReadOnlyList<string> AnswerOnly =
    [
        "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities",
        "registeredAt", "registeredBy", "deregisteredAt", "deleteRequestedAt",
    ];

    /// <summary>ECS refuses keys that begin so in requests (ECS model, Tag).</summary>
    private const string ReservedTagPrefix = "aws:";

    /// <summary>
    /// The input: a null image keeps the images that stand there; stamps are tags that tell where the revision comes from, and win over tags of the same name.
    /// </summary>
    public static JsonObject Apply(
        TaskDefinition from,
        ServiceSettings settings,
        IReadOnlyList<string> containers,
        string? image,
        IReadOnlyDictionary<string, string> stamps)
    {
        var input = Copy(from, stamps);
        Set(input, "cpu", settings.Cpu);
        Set(input, "memory", settings.Memory);
        foreach (var container in input.Members("containerDefinitions").Where(item => containers.Contains(item.Text("name") ?? "")))
        {
            Set(container, "image", image);
            EditEnvironment(container, settings);
            EditCommandAndLog(container, settings);
        }

        return input;
    }

    /// <summary>The input that registers the same once more.</summary>
    public static JsonObject Copy(TaskDefinition from, IReadOnlyDictionary<string, string> stamps)
    {
        var input = WithoutNulls((JsonObject)from.Json.DeepClone());
        foreach (var name in AnswerOnly)
        {
            input.Remove(name);
        }

        WriteTags(input, from.Tags, stamps);
        return input;
    }

    /// <summary>A name stands in <c>environment</c> or in <c>secrets</c>, never in both: ECS refuses that.</summary>
    private static void EditEnvironment(JsonObject container, ServiceSettings settings)
    {
        foreach (var name in settings.UnsetEnvironment)
        {
            Remove(container, "environment", name);
            Remove(container, "secrets", name);
        }

        foreach (var (name, value) in settings.SetEnvironment)
        {
            Remove(container, "secrets", name);
            Put(container, "environment", name, "value", value);
        }

        foreach (var (name, source) in settings.SetSecrets)
        {
            Remove(container, "environment", name);
            Put(container, "secrets", name, "valueFrom", source);
        }
    }

    private static void EditCommandAndLog(JsonObject container, ServiceSettings settings)
    {
        if (settings.Command is { } command)
        {
            container["command"] = command.ToJson();
        }

        foreach (var (name, value) in settings.LogOptions)
        {
            var log = container.Member("logConfiguration") ?? throw new EcsSettingsException(
                $"Container '{container.Text("name")}' has no log configuration, so log option '{name}' has nowhere to go.");
            if (log["options"] is not JsonObject)
            {
                log["options"] = new JsonObject();
            }

            log["options"]![name] = value;
        }
    }

    private static void WriteTags(
        JsonObject input, IReadOnlyList<KeyValuePair<string, string>> carried, IReadOnlyDictionary<string, string> stamps)
    {
        var tags = carried
            .Where(tag => !tag.Key.StartsWith(ReservedTagPrefix, StringComparison.OrdinalIgnoreCase) && !stamps.ContainsKey(tag.Key))
            .Concat(stamps)
            .Select(tag => (JsonNode)new JsonObject { ["key"] = tag.Key, ["value"] = tag.Value })
            .ToArray();
        input.Remove("tags");
        if (tags.Length > 0)
        {
            input["tags"] = new JsonArray(tags);
        }
    }

    private static void Set(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private static void Put(JsonObject container, string list, string name, string member, string value)
    {
        if (container[list] is not JsonArray)
        {
            container[list] = new JsonArray();
        }

        var entry = container.Members(list).FirstOrDefault(item => item.Text("name") == name);
        if (entry is null)
        {
            entry = new JsonObject { ["name"] = name };
            container[list]!.AsArray().Add((JsonNode)entry);
        }

        entry[member] = value;
    }

    private static void Remove(JsonObject container, string list, string name)
    {
        foreach (var entry in container.Members(list).Where(item => item.Text("name") == name).ToList())
        {
            container[list]!.AsArray().Remove(entry);
        }
    }

    /// <summary>Exports of the console carry nulls, which ECS refuses; empty texts are values and stay.</summary>
    private static JsonObject WithoutNulls(JsonObject json)
    {
        foreach (var (name, value) in json.ToList())
        {
            if (value is null)
            {
                json.Remove(name);
            }
            else
            {
                Clean(value);
            }
        }

        return json;
    }

    private static void Clean(JsonNode node)
    {
        if (node is JsonObject inner)
        {
            WithoutNulls(inner);
        }
        else if (node is JsonArray list)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (list[i] is { } item)
                {
                    Clean(item);
                }
                else
                {
                    list.RemoveAt(i);
                }
            }
        }
    }
}
