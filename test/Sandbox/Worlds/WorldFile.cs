using System.Text.Json;
using System.Text.Json.Serialization;
using YamlDotNet.Core;

namespace Sandbox.Worlds;

/// <summary>Reads a world from a YAML file whose keys are the records' own names in camel case; everything unknown is a fault, told with its line.</summary>
public static class WorldFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonTextConverter(), new DurationConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Throws <see cref="FormatException"/> that names the place and what is wrong there.</summary>
    public static World Read(string path) => Parse(File.ReadAllText(path), Path.GetFileName(path));

    /// <summary>Reads any record that can stand in a world, as the calls that change a running sandbox take them.</summary>
    public static T Parse<T>(string text, string name)
        where T : class
    {
        YamlText yaml;
        try
        {
            yaml = YamlText.Read(text);
        }
        catch (YamlException error)
        {
            throw new FormatException($"{name}, line {error.Start.Line}, column {error.Start.Column}: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            // The parser's way to say that a bracket or a quote was never closed.
            throw new FormatException($"{name} is not YAML: a bracket or a quote stays open.", error);
        }

        try
        {
            return yaml.Json.Deserialize<T>(Options) ?? throw new FormatException($"{name} is empty.");
        }
        catch (JsonException error)
        {
            throw new FormatException($"{name}{yaml.PlaceOf(error.Path)}: {error.Message}", error);
        }
    }

    /// <summary>As JSON, which is YAML too.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static World Parse(string text, string name)
    {
        var world = Parse<World>(text, name);
        return WorldCheck.Fault(world) is { } fault ? throw new FormatException($"{name}: {fault}") : world;
    }
}
