using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Ecr;

/// <summary>Reads an operation's input; shapes were checked before, so what is wrong here is answered and never a defect.</summary>
internal static class Input
{
    public static string? Text(JsonNode? input, string member) => (input as JsonObject)?[member] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw EcrErrors.Invalid(member, "must be a string"),
    };

    public static string RequiredText(JsonNode? input, string member) =>
        Text(input, member) ?? throw EcrErrors.Invalid(member, "must not be null");

    public static bool Flag(JsonNode? input, string member) => (input as JsonObject)?[member] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static int? Number(JsonNode? input, string member)
    {
        var node = (input as JsonObject)?[member];
        return node is null ? null
            : node is JsonValue value && value.TryGetValue<int>(out var number) ? number
            : throw EcrErrors.Invalid(member, "must be an integer");
    }

    /// <summary>Empty when the member is absent.</summary>
    public static IReadOnlyList<JsonNode?> List(JsonNode? input, string member) => (input as JsonObject)?[member] switch
    {
        null => [],
        JsonArray array => [.. array],
        _ => throw EcrErrors.Invalid(member, "must be a list"),
    };

    public static IReadOnlyList<string> Texts(JsonNode? input, string member) => [.. List(input, member).Select(node =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw EcrErrors.Invalid(member, "must be a list of strings"))];
}
