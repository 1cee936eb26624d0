using System.Text.Json.Nodes;

namespace Sandbox.Ecs.Api;

/// <summary>Small readings and writings of JSON that the operations share.</summary>
public static class Json
{
    /// <summary>A timestamp as JSON 1.1 writes it: seconds since 1970, with milliseconds.</summary>
    public static JsonNode? Epoch(DateTimeOffset? time) => time is { } value ? JsonValue.Create(value.ToUnixTimeMilliseconds() / 1000.0) : null;

    public static string? Text(this JsonObject input, string member) => (string?)input[member];

    public static IEnumerable<JsonObject> Objects(this JsonObject input, string member) => (input[member] as JsonArray ?? []).OfType<JsonObject>();

    public static IReadOnlyList<string> Texts(this JsonObject input, string member) => [.. (input[member] as JsonArray ?? []).Select(item => (string?)item ?? "")];

    public static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items]);

    public static JsonArray Strings(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);

    public static JsonArray Copy(this JsonArray array) => (JsonArray)array.DeepClone();

    /// <summary>Drops members that are null: ECS answers none.</summary>
    public static JsonObject WithoutNulls(this JsonObject value)
    {
        foreach (var name in value.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            value.Remove(name);
        }

        return value;
    }

    /// <summary>Copies the members of another object that this one lacks.</summary>
    public static JsonObject With(this JsonObject value, JsonObject others)
    {
        foreach (var (name, other) in others)
        {
            if (!value.ContainsKey(name))
            {
                value[name] = other?.DeepClone();
            }
        }

        return value;
    }
}
