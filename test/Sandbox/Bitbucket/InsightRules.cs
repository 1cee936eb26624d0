using System.Globalization;
using System.Text.Json.Nodes;

namespace Sandbox.Bitbucket;

/// <summary>What Bitbucket takes as a report, as its data and as an annotation (bitbucket.md 5.1).</summary>
internal static class InsightRules
{
    public const int AnnotationsPerCall = 100;
    public const int AnnotationsPerReport = 1000;
    private const int DataItems = 10;

    private static readonly HashSet<string> ReportMembers =
        ["title", "details", "external_id", "reporter", "link", "remote_link_enabled", "logo_url", "report_type", "result", "data"];

    private static readonly HashSet<string> AnnotationMembers =
        ["external_id", "annotation_type", "path", "line", "summary", "details", "result", "severity", "link"];

    private static readonly string[] ReportTypes = ["SECURITY", "COVERAGE", "TEST", "BUG"];
    private static readonly string[] Results = ["PASSED", "FAILED", "PENDING"];
    private static readonly string[] DataTypes = ["BOOLEAN", "DATE", "DURATION", "LINK", "NUMBER", "PERCENTAGE", "TEXT"];
    private static readonly string[] AnnotationTypes = ["VULNERABILITY", "CODE_SMELL", "BUG"];
    private static readonly string[] AnnotationResults = ["PASSED", "FAILED", "SKIPPED", "IGNORED"];
    private static readonly string[] Severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];

    /// <summary>What is wrong with a report; null when it is taken.</summary>
    public static string? ReportFault(JsonObject report)
    {
        return Unknown(report, ReportMembers)
            ?? Required(report, "title")
            ?? Required(report, "details")
            ?? Required(report, "report_type")
            ?? OneOf(report, "report_type", ReportTypes)
            ?? OneOf(report, "result", Results)
            ?? DataFault(report["data"]);
    }

    /// <summary>What is wrong with an annotation; null when it is taken.</summary>
    public static string? AnnotationFault(JsonObject annotation)
    {
        return Unknown(annotation, AnnotationMembers)
            ?? Required(annotation, "external_id")
            ?? Required(annotation, "annotation_type")
            ?? Required(annotation, "summary")
            ?? OneOf(annotation, "annotation_type", AnnotationTypes)
            ?? OneOf(annotation, "result", AnnotationResults)
            ?? OneOf(annotation, "severity", Severities);
    }

    private static string? DataFault(JsonNode? data)
    {
        return data switch
        {
            null => null,
            JsonArray { Count: > DataItems } => $"data has more than {DataItems} items",
            JsonArray items => items.Select(item => item is JsonObject datum ? DatumFault(datum) : "an item of data is not an object").FirstOrDefault(fault => fault is not null),
            _ => "data is not a list",
        };
    }

    private static string? DatumFault(JsonObject datum)
    {
        return Required(datum, "title") ?? OneOf(datum, "type", DataTypes) ?? ((string?)datum["type"], datum["value"]) switch
        {
            (_, null) => "an item of data has no value",
            ("BOOLEAN", not JsonValue) or ("NUMBER" or "PERCENTAGE" or "DATE" or "DURATION", not JsonValue) => "an item of data has a value of the wrong type",
            ("BOOLEAN", var value) when value.GetValueKind() is not (System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False) => "a BOOLEAN is not a boolean",
            ("NUMBER" or "PERCENTAGE" or "DATE" or "DURATION", var value) when value.GetValueKind() is not System.Text.Json.JsonValueKind.Number => string.Create(CultureInfo.InvariantCulture, $"a {datum["type"]} is not a number"),
            ("LINK", not JsonObject) => "a LINK is not an object with text and href",
            _ => null,
        };
    }

    private static string? Unknown(JsonObject item, HashSet<string> known) => item.FirstOrDefault(member => !known.Contains(member.Key)).Key is { } name ? $"extra keys not allowed: {name}" : null;

    private static string? Required(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? null : $"{name} is required";

    private static string? OneOf(JsonObject item, string name, string[] allowed) =>
        item[name] is null || (item[name] is JsonValue value && value.TryGetValue<string>(out var text) && allowed.Contains(text)) ? null : $"{name} must be one of {string.Join(", ", allowed)}";
}
