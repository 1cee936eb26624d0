using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Ecr;

/// <summary>The grammar of lifecycle policies (ECR user guide, lifecycle policy parameters).</summary>
internal static class LifecycleGrammar
{
    private const int MaximumRules = 50;
    private const int MaximumWildcards = 4;

    // What ECR says when no form of a rule fits (terraform-aws-ecr#132, #158, terraform-provider-aws#45909).
    private const string NoSchema = "instance failed to match exactly one schema (matched 0 out of 4)\n";

    private static readonly string[] RuleKeys = ["rulePriority", "description", "selection", "action"];
    private static readonly string[] SelectionKeys =
        ["tagStatus", "tagPatternList", "tagPrefixList", "storageClass", "countType", "countUnit", "countNumber"];

    /// <summary>Null for a policy that ECR takes.</summary>
    public static string? FaultOf(string text)
    {
        try
        {
            var root = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
            if (root is not { Count: 1 } || root["rules"] is not JsonArray { Count: > 0 and <= MaximumRules } rules)
            {
                return $"object has missing required properties ([\"rules\"]) or not 1 to {MaximumRules} rules";
            }

            return rules.Any(rule => !IsRule(rule)) ? NoSchema : PriorityFault([.. rules.Select(rule => rule!.AsObject())]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return e is JsonException ? "Could not parse JSON" : NoSchema;
        }
    }

    private static string? PriorityFault(IReadOnlyList<JsonObject> rules)
    {
        var priorities = rules.Select(rule => (int)rule["rulePriority"]!).ToList();
        if (priorities.Distinct().Count() < priorities.Count)
        {
            return "Each rule must have a unique rulePriority";
        }

        // A rule for any image comes last, and one per storage class.
        var any = rules.Where(rule => (string?)rule["selection"]!["tagStatus"] == "any").ToList();
        var others = rules.Except(any).Select(rule => (int)rule["rulePriority"]!).DefaultIfEmpty(0).Max();
        return any.Any(rule => (int)rule["rulePriority"]! < others)
            ? "Rule with tagStatus=ANY must have the lowest priority, that is the highest rulePriority"
            : null;
    }

    private static bool IsRule(JsonNode? node) =>
        node is JsonObject rule && rule.All(member => RuleKeys.Contains(member.Key, StringComparer.Ordinal) && member.Value is not null)
        && (int?)rule["rulePriority"] >= 1
        && IsAction(rule["action"])
        && rule["selection"] is JsonObject selection
        && selection.All(member => SelectionKeys.Contains(member.Key, StringComparer.Ordinal) && member.Value is not null)
        && HasTags(selection) && HasCount(selection, (string?)rule["action"]!["type"] == "transition");

    private static bool IsAction(JsonNode? node) => node is JsonObject action && ((string?)action["type"] switch
    {
        "expire" => action.Count == 1,
        "transition" => action.Count == 2 && (string?)action["targetStorageClass"] == "archive",
        _ => false,
    });

    /// <summary>A rule for tagged images names prefixes or patterns, one kind; a rule for other images names none.</summary>
    private static bool HasTags(JsonObject selection)
    {
        var patterns = selection["tagPatternList"];
        var prefixes = selection["tagPrefixList"];
        return (string?)selection["tagStatus"] switch
        {
            "tagged" => (patterns is JsonArray { Count: > 0 }) ^ (prefixes is JsonArray { Count: > 0 })
                && (patterns as JsonArray ?? []).All(pattern => ((string?)pattern)?.Count(c => c == '*') <= MaximumWildcards),
            "untagged" or "any" => patterns is null && prefixes is null,
            _ => false,
        };
    }

    private static bool HasCount(JsonObject selection, bool transition)
    {
        var type = (string?)selection["countType"];
        var storage = (string?)selection["storageClass"];
        var unit = (string?)selection["countUnit"];
        var storageFits = storage is null or "standard" || (storage == "archive" && !transition);
        return (int?)selection["countNumber"] >= 1 && storageFits && type switch
        {
            "imageCountMoreThan" => unit is null,
            "sinceImagePushed" or "sinceImagePulled" => unit == "days",
            "sinceImageTransitioned" => unit == "days" && storage == "archive",
            _ => false,
        };
    }
}
