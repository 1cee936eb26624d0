using System.Text.Json;
using System.Text.Json.Nodes;
using EcsDeploy.Logging;

namespace EcsDeploy.Ecs;

/// <summary>Reads members of AWS answers without trusting their types: what is not as expected is as good as absent.</summary>
internal static class JsonReading
{
    /// <summary>Longest text of an answer that is shown or kept: stopped reasons are bounded at 1,024 (ECS model), events are not.</summary>
    private const int LongestSaid = 1200;

    public static string? Text(this JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Text that people will read: one line, no control characters, bounded.</summary>
    public static string? Said(this JsonObject? json, string name) => json.Text(name) is { Length: > 0 } text ? PlainText.Line(text, LongestSaid) : null;

    public static int? Number(this JsonObject? json, string name) => json.Decimal(name) is { } number ? (int)number : null;

    public static double? Decimal(this JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), Invariant) : null;

    public static bool? Flag(this JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>A timestamp of the JSON 1.1 protocol: seconds since 1970, with a fraction.</summary>
    public static DateTimeOffset? Moment(this JsonObject? json, string name) =>
        json.Decimal(name) is { } seconds ? DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(seconds * 1000)) : null;

    public static JsonObject? Member(this JsonObject? json, string name) => json?[name] as JsonObject;

    public static IEnumerable<JsonObject> Members(this JsonObject? json, string name) => (json?[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    public static IReadOnlyList<string> Texts(this JsonObject? json, string name) =>
        [.. (json?[name] as JsonArray)?.OfType<JsonValue>().Select(item => item.TryGetValue<string>(out var text) ? text : item.ToJsonString()) ?? []];

    public static JsonArray ToJson(this IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;
}
