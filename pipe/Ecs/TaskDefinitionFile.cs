using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcsDeploy.Logging;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EcsDeploy.Ecs;

/// <summary>Reads a task definition from JSON or YAML text, as RegisterTaskDefinition takes it or as DescribeTaskDefinition answers it.</summary>
internal static class TaskDefinitionFile
{
    /// <summary>Members that ECS wants as text although they look like numbers.</summary>
    private static readonly string[] TextMembers = ["cpu", "memory"];

    /// <summary>The name tells JSON from YAML, and stands in messages.</summary>
    public static TaskDefinition Parse(string name, string text)
    {
        JsonNode? node;
        try
        {
            node = name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })
                : FromYaml(text);
        }
        catch (Exception fault) when (fault is JsonException or YamlException or InvalidOperationException or ArgumentException)
        {
            throw new EcsSettingsException($"Cannot read the task definition in {name}: {PlainText.Line(fault.Message, 300)}", fault);
        }

        if (node is not JsonObject json)
        {
            throw new EcsSettingsException($"The task definition in {name} is not an object with members such as family and containerDefinitions.");
        }

        var definition = json.Member("taskDefinition") is { } inner ? inner : json;
        var tags = TaskDefinition.ReadTags(json);
        Check(name, definition);
        WriteTexts(definition);
        return new TaskDefinition((JsonObject)definition.DeepClone(), tags);
    }

    private static void Check(string name, JsonObject definition)
    {
        var containers = definition.Members("containerDefinitions").ToList();
        if (definition.Text("family") is not { Length: > 0 })
        {
            throw new EcsSettingsException($"The task definition in {name} has no family.");
        }

        if (containers.Count == 0 || containers.Any(container => container.Text("name") is not { Length: > 0 }))
        {
            throw new EcsSettingsException($"The task definition in {name} needs containerDefinitions, each with a name.");
        }
    }

    /// <summary>YAML reads 256 and true as number and flag where ECS wants text: in cpu and memory of the task, and in environment values.</summary>
    private static void WriteTexts(JsonObject definition)
    {
        foreach (var member in TextMembers.Where(member => definition[member] is JsonValue))
        {
            MakeText(definition, member);
        }

        foreach (var variable in definition.Members("containerDefinitions").SelectMany(container => container.Members("environment")))
        {
            MakeText(variable, "value");
        }
    }

    private static void MakeText(JsonObject json, string member)
    {
        if (json[member] is JsonValue value && value.GetValueKind() is not JsonValueKind.String)
        {
            json[member] = value.ToJsonString();
        }
    }

    private static JsonNode? FromYaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 1 ? FromYaml(stream.Documents[0].RootNode) : throw new InvalidOperationException("one document is wanted");
    }

    private static JsonNode? FromYaml(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair =>
            KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", FromYaml(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(FromYaml)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => FromPlain(scalar.Value ?? ""),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new InvalidOperationException($"unexpected {node.NodeType} at line {node.Start.Line}"),
    };

    /// <summary>YAML 1.2 core schema: null, true, false and numbers; all else is text.</summary>
    private static JsonNode? FromPlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text => number,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text => number,
        _ => text,
    };
}
