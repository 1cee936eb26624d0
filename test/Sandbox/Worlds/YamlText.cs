using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sandbox.Worlds;

/// <summary>A YAML document as JSON, with the place of each of its nodes.</summary>
internal sealed partial class YamlText
{
    private readonly Dictionary<string, Mark> _places = new(StringComparer.Ordinal);

    private YamlText(YamlNode? root) => Json = root is null ? null : ToJson(root, "$");

    /// <summary>Null for an empty document.</summary>
    public JsonNode? Json { get; }

    public static YamlText Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return new YamlText(stream.Documents.Count is 0 ? null : stream.Documents[0].RootNode);
    }

    /// <summary><c>, line 3, column 5 (accounts[0].id)</c> of a JSON path, or of the nearest node around it.</summary>
    public string PlaceOf(string? path)
    {
        for (var at = path ?? "$"; at.Length > 0; at = at[..Math.Max(at.LastIndexOfAny(['.', '[']), 0)])
        {
            if (_places.TryGetValue(at, out var mark))
            {
                return $", line {mark.Line}, column {mark.Column} ({(path is null or "$" ? "the whole file" : path[2..])})";
            }
        }

        return "";
    }

    private JsonNode? ToJson(YamlNode node, string path)
    {
        _places[path] = node.Start;
        switch (node)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    var name = (key as YamlScalarNode)?.Value ?? throw new YamlException(key.Start, key.End, "A key is not a text.");
                    members[name] = ToJson(value, $"{path}.{name}");
                }

                return members;
            case YamlSequenceNode sequence:
                return new JsonArray([.. sequence.Children.Select((item, index) => ToJson(item, $"{path}[{index}]"))]);
            default:
                return Scalar((YamlScalarNode)node);
        }
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        return scalar.Style is not ScalarStyle.Plain ? JsonValue.Create(text)
            : text is "" or "~" or "null" ? null
            : text is "true" or "false" || Number().IsMatch(text) ? JsonNode.Parse(text)
            : JsonValue.Create(text);
    }

    [GeneratedRegex(@"^-?(0|[1-9]\d*)(\.\d+)?\z")]
    private static partial Regex Number();
}
