using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsDeploy.Settings;

/// <summary>Writes the config file's JSON schema for editors (docs/ecs-deploy.schema.json) from the table of its keys.</summary>
internal static class ConfigSchema
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write() => new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "ecs-deploy.yml",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = Keys(ConfigLevels.Top, ("services", Named("service")), ("environments", Named("environment"))),
        ["$defs"] = new JsonObject
        {
            ["environment"] = Level(ConfigLevels.Environment, ("services", Named("service"))),
            ["service"] = Level(ConfigLevels.Service),
        },
    }.ToJsonString(Readable) + "\n";

    private static JsonObject Level(ConfigLevels level, params (string Name, JsonNode Value)[] others) => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["additionalProperties"] = false,
        ["properties"] = Keys(level, others),
    };

    private static JsonObject Keys(ConfigLevels level, params (string Name, JsonNode Value)[] others)
    {
        var keys = new JsonObject();
        foreach (var key in ConfigKeys.All.Where(key => (key.Levels & level) != 0))
        {
            keys[key.Name] = Shape(key.Shape);
        }

        foreach (var (name, value) in others)
        {
            keys[name] = value;
        }

        return keys;
    }

    private static JsonObject Named(string definition) => new()
    {
        ["type"] = "object",
        ["propertyNames"] = new JsonObject { ["pattern"] = "^([A-Za-z0-9_.-]{1,64}|<<)$" },
        ["additionalProperties"] = new JsonObject { ["$ref"] = $"#/$defs/{definition}" },
    };

    // ${NAME} may stand for any value, so text is allowed wherever a single value is.
    private static JsonObject Shape(ConfigShape shape) => shape switch
    {
        ConfigShape.Flag => new JsonObject { ["type"] = new JsonArray("boolean", "string") },
        ConfigShape.Number => new JsonObject { ["type"] = new JsonArray("integer", "string") },
        ConfigShape.List => new JsonObject { ["type"] = new JsonArray("array", "string", "number", "boolean"), ["items"] = Single() },
        ConfigShape.Pairs => new JsonObject { ["type"] = "object", ["additionalProperties"] = Single() },
        _ => new JsonObject { ["type"] = new JsonArray("string", "number") },
    };

    private static JsonObject Single() => new() { ["type"] = new JsonArray("string", "number", "boolean") };
}
