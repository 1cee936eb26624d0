using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EcsDeploy.Ecs;

/// <summary>Reads a task definition's YAML as the JSON that ECS takes: anchors and merges resolved, text kept as it was written where ECS wants text.</summary>
internal sealed class TaskDefinitionYaml
{
    private const string MergeKey = "<<";
    private const string TextTag = "tag:yaml.org,2002:str";

    // A definition is 64 KiB at most (ECS service quotas); anchors that repeat each other could make any size of a few lines.
    private const int MostNodes = 20_000;
    private const int Deepest = 40;

    private int _nodes;

    /// <exception cref="InvalidOperationException">It is YAML, but nothing that could be JSON.</exception>
    public static JsonNode? Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 1
            ? new TaskDefinitionYaml().Read(stream.Documents[0].RootNode, default, 0)
            : throw new InvalidOperationException("one document is wanted");
    }

    private JsonNode? Read(YamlNode node, TaskDefinitionTexts.Place place, int depth)
    {
        if (++_nodes > MostNodes || depth > Deepest)
        {
            throw new InvalidOperationException("its anchors repeat each other, or it is too large for a task definition");
        }

        return node switch
        {
            YamlMappingNode map => Object(map, place, depth),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(item => Read(item, place, depth + 1))]),
            YamlScalarNode scalar => Scalar(scalar, place),
            _ => throw Unexpected(node, "this is neither a mapping, a list nor a value"),
        };
    }

    private JsonObject Object(YamlMappingNode map, TaskDefinitionTexts.Place place, int depth)
    {
        var json = new JsonObject();
        foreach (var (name, value) in Members(map, depth))
        {
            json[name] = Read(value, place.Of(name), depth + 1);
        }

        return json;
    }

    /// <summary>A mapping's own members, then what it merges; what came first stands.</summary>
    private static Dictionary<string, YamlNode> Members(YamlMappingNode map, int depth)
    {
        if (depth > Deepest)
        {
            throw Unexpected(map, "merges go round in a circle");
        }

        var members = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? throw Unexpected(key, "a key must be a word");
            if (name != MergeKey)
            {
                members.TryAdd(name, value);
            }
        }

        foreach (var source in map.Children.Where(child => child.Key is YamlScalarNode { Value: MergeKey }).SelectMany(child => Sources(child.Value)))
        {
            foreach (var (name, value) in Members(source, depth + 1))
            {
                members.TryAdd(name, value);
            }
        }

        return members;
    }

    private static IEnumerable<YamlMappingNode> Sources(YamlNode node) =>
        (node is YamlSequenceNode several ? several.Children : [node]).Select(source => source as YamlMappingNode ?? throw Unexpected(source, "<< merges mappings only"));

    private static JsonNode? Scalar(YamlScalarNode scalar, TaskDefinitionTexts.Place place)
    {
        var text = scalar.Value ?? string.Empty;
        return scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value == TextTag) ? text : Plain(text, place.IsText);
    }

    /// <summary>YAML 1.2 core schema: null, true, false and numbers; all else is text, and so is everything where text is wanted.</summary>
    private static JsonNode? Plain(string text, bool asText) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        _ when asText => text,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text => number,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text => number,
        _ => text,
    };

    private static InvalidOperationException Unexpected(YamlNode node, string what) => new($"line {node.Start.Line}: {what}");
}
