using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EcsDeploy.Settings;

/// <summary>Reads the config file strictly: every fault is told with its line and column.</summary>
internal sealed class ConfigParser(string fileName, IReadOnlyDictionary<string, string> environment, SettingsNotes notes)
{
    private const string Services = "services";
    private const string Environments = "environments";

    private readonly ConfigNodes _nodes = new(fileName, environment, notes);

    /// <summary>Null when the text is no YAML at all; other faults leave out what is wrong.</summary>
    public ConfigFile? Parse(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            notes.Fault($"{fileName} line {e.Start.Line}, column {e.Start.Column}: {SettingsNotes.Line(e.Message)}");
            return null;
        }

        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            notes.Fault($"{fileName} must be one mapping with keys such as registry, services and environments.");
            return null;
        }

        return new ConfigFile
        {
            Name = fileName,
            Top = Level(root, ConfigLevels.Top, "the file's top", [Services, Environments]),
            Services = Named(root, Services, node => Level(node, ConfigLevels.Service, "a service", [])),
            Environments = Named(root, Environments, InEnvironment),
        };
    }

    private ConfigLevel InEnvironment(YamlMappingNode node) => Level(node, ConfigLevels.Environment, "an environment", [Services]) with
    {
        Services = Named(node, Services, inner => Level(inner, ConfigLevels.Service, "a service", [])),
    };

    private ConfigLevel Level(YamlMappingNode node, ConfigLevels level, string what, string[] others)
    {
        var known = ConfigKeys.All.Where(key => (key.Levels & level) != 0).ToDictionary(key => key.Name, StringComparer.Ordinal);
        var values = new Dictionary<string, SettingValue>(StringComparer.Ordinal);
        foreach (var (name, keyNode, value) in _nodes.Members(node))
        {
            if (known.TryGetValue(name, out var key))
            {
                if (_nodes.Value(key, value) is { } read)
                {
                    values[key.Setting] = read;
                }
            }
            else if (!others.Contains(name))
            {
                var near = ConfigKeys.OfVariable(name) is { } own && known.ContainsKey(own) ? own : Spelling.Nearest(name, known.Keys.Concat(others));
                _nodes.Fault(keyNode, $"'{SettingsNotes.Line(name)}' is not a key of {what}.{(near is null ? string.Empty : $" Is '{near}' meant?")}");
            }
        }

        return new ConfigLevel(values, $"{fileName} line {node.Start.Line}");
    }

    private Dictionary<string, ConfigLevel> Named(YamlMappingNode parent, string key, Func<YamlMappingNode, ConfigLevel> read)
    {
        var named = new Dictionary<string, ConfigLevel>(StringComparer.Ordinal);
        var (_, _, section) = _nodes.Members(parent).FirstOrDefault(member => member.Name == key);
        if (section is null)
        {
            return named;
        }

        if (section is not YamlMappingNode mapping)
        {
            _nodes.Fault(section, $"{key} must be a mapping of names to settings.");
            return named;
        }

        foreach (var (name, keyNode, value) in _nodes.Members(mapping))
        {
            if (!SettingsReader.EnvironmentForm().IsMatch(name))
            {
                _nodes.Fault(keyNode, $"'{SettingsNotes.Line(name)}' must be a name of 1 to 64 letters, digits, '_', '.' and '-'.");
            }
            else if (value is YamlMappingNode level)
            {
                named[name] = read(level);
            }
            else if (value is YamlScalarNode { Value: null or "" or "~" or "null" })
            {
                named[name] = new ConfigLevel(new Dictionary<string, SettingValue>(), $"{fileName} line {keyNode.Start.Line}");
            }
            else
            {
                _nodes.Fault(value, $"{name} must be a mapping of settings.");
            }
        }

        return named;
    }
}
