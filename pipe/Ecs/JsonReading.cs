using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsDeploy.Ecs;

/// <summary>Reads members of AWS answers without trusting their types: what is not as expected is as good as absent.</summary>
internal static class JsonReading
{
    /// <summary>Longest text of an answer that is shown or kept: stopped reasons are bounded at 1,024 (ECS model), events are not.</summary>
    private const int LongestSaid = 1200;

    public static string? Text(this JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Text that people will read: one line, no control characters, bounded.</summary>
    public static string? Said(this JsonObject? json, string name) => json.Text(name) is { Length: > 0 } text ? OneLine(text, LongestSaid) : null;

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

    /// <summary>The text on one line: control characters and runs of blanks become one blank, and no more than so many characters stay.</summary>
    public static string OneLine(string text, int longest)
    {
        var bounded = text.Length > 4 * longest ? text[..(4 * longest)] : text;
        var words = string.Concat(bounded.Select(c => char.IsControl(c) || IsInvisible(c) ? ' ' : c))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var line = string.Join(' ', words);
        return line.Length <= longest ? line : string.Concat(line.AsSpan(0, longest - 1), "…");
    }

    /// <summary>Line separators and the marks that turn the direction of what follows: harmless in prose, deceiving in a log.</summary>
    private static bool IsInvisible(char c) => c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;
}
