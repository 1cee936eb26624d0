using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EcsDeploy.Settings;

/// <summary>Reads single nodes of the config file: merges, variables, and values in the shape that their key wants.</summary>
internal sealed partial class ConfigNodes(string fileName, IReadOnlyDictionary<string, string> environment, SettingsNotes notes)
{
    private const string MergeKey = "<<";

    // Merges of merges; more is a circle.
    private const int DeepestMerge = 8;

    // Of the value that is being read.
    private string? _unresolved;

    public void Fault(YamlNode node, string sentence) => notes.Fault(At(node, sentence));

    /// <summary>The members of a mapping, those merged in with <c>&lt;&lt;</c> behind its own.</summary>
    public IReadOnlyList<(string Name, YamlNode Key, YamlNode Value)> Members(YamlMappingNode node)
    {
        var members = new Dictionary<string, (string, YamlNode, YamlNode)>(StringComparer.Ordinal);
        Collect(node, members, 0);
        return [.. members.Values];
    }

    public SettingValue? Value(ConfigKey key, YamlNode node)
    {
        _unresolved = null;
        var entries = (key.Shape, node) switch
        {
            (_, YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" }) => Wrong(node, $"{key.Name} has no value. Give it one, or leave the key out."),
            (ConfigShape.List, YamlSequenceNode list) => Each(key, list.Children),
            (ConfigShape.Pairs, YamlMappingNode pairs) => PairsOf(key, pairs),
            (ConfigShape.Pairs or ConfigShape.List, YamlScalarNode) when key.Shape == ConfigShape.Pairs => Wrong(node, $"{key.Name} must be a mapping of names to values."),
            (_, YamlScalarNode scalar) => Scalar(key, scalar),
            (ConfigShape.List, _) => Wrong(node, $"{key.Name} must be a list."),
            (ConfigShape.Pairs, _) => Wrong(node, $"{key.Name} must be a mapping of names to values."),
            _ => Wrong(node, $"{key.Name} must be a single value."),
        };
        var isList = key.Shape is ConfigShape.List or ConfigShape.Pairs;
        return entries is null && _unresolved is null ? null : new SettingValue(key.Setting, entries ?? [], isList, ValueOrigin.File, Place(node)) { Unresolved = _unresolved };
    }

    private string At(YamlNode node, string sentence) => $"{Place(node)}, column {node.Start.Column}: {sentence}";

    private string Place(YamlNode node) => $"{fileName} line {node.Start.Line}";

    private void Collect(YamlMappingNode node, Dictionary<string, (string, YamlNode, YamlNode)> members, int depth)
    {
        if (depth > DeepestMerge)
        {
            Fault(node, "Merges go round in a circle.");
            return;
        }

        foreach (var (key, value) in node.Children)
        {
            if (key is not YamlScalarNode { Value: { } name })
            {
                Fault(key, "A key must be a word.");
            }
            else if (name != MergeKey)
            {
                members.TryAdd(name, (name, key, value));
            }
        }

        foreach (var (key, value) in node.Children.Where(child => child.Key is YamlScalarNode { Value: MergeKey }))
        {
            foreach (var source in value is YamlSequenceNode several ? several.Children : [value])
            {
                if (source is YamlMappingNode merged)
                {
                    Collect(merged, members, depth + 1);
                }
                else
                {
                    Fault(key, "<< merges mappings only.");
                }
            }
        }
    }

    private string[]? Scalar(ConfigKey key, YamlScalarNode node)
    {
        if (Expanded(node) is not { } text)
        {
            return null;
        }

        return key.Shape switch
        {
            ConfigShape.Flag when PipeVariables.FlagOf(text) is null => Wrong(node, $"{key.Name} is '{SettingsNotes.Line(text)}'. It must be {PipeVariables.FlagRule}."),
            ConfigShape.Number when !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) => Wrong(node, $"{key.Name} is '{SettingsNotes.Line(text)}'. It must be a whole number."),
            _ => [text],
        };
    }

    private string[]? Each(ConfigKey key, IEnumerable<YamlNode> nodes)
    {
        var entries = new List<string>();
        foreach (var node in nodes)
        {
            if (node is not YamlScalarNode scalar)
            {
                return Wrong(node, $"{key.Name} must be a list of single values.");
            }

            if (Expanded(scalar) is { } text)
            {
                entries.Add(text);
            }
        }

        return [.. entries];
    }

    private string[]? PairsOf(ConfigKey key, YamlMappingNode mapping)
    {
        var pairs = new List<string>();
        foreach (var (name, keyNode, value) in Members(mapping))
        {
            if (value is not YamlScalarNode scalar)
            {
                return Wrong(value, $"{key.Name} must be a mapping of names to single values.");
            }

            if (name.Contains('=', StringComparison.Ordinal))
            {
                return Wrong(keyNode, $"{key.Name}: a name holds no '='.");
            }

            if (Expanded(scalar) is { } text)
            {
                pairs.Add($"{name}={text}");
            }
        }

        return [.. pairs];
    }

    // ${NAME} stands for a variable of the step; $${NAME} is the text itself.
    private string? Expanded(YamlScalarNode node)
    {
        var resolved = true;
        var text = Reference().Replace(node.Value ?? string.Empty, match =>
        {
            if (match.Groups["escaped"].Success)
            {
                return match.Value[1..];
            }

            var name = match.Groups["name"].Value;
            if (environment.TryGetValue(name, out var value) && value.Trim().Length > 0)
            {
                return value;
            }

            resolved = false;
            _unresolved ??= At(node, $"the variable {name} is not set. Pass it to the pipe, or write $${{{name}}} for the text itself.");
            return string.Empty;
        });
        return resolved ? text : null;
    }

    private string[]? Wrong(YamlNode node, string sentence)
    {
        Fault(node, sentence);
        return null;
    }

    [GeneratedRegex(@"(?<escaped>\$)?\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
