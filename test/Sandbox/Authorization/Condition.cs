using System.Text.Json.Nodes;

namespace Sandbox.Authorization;

/// <summary>One operator on one key: <c>"ForAnyValue:StringLikeIfExists": {"key": ["a*"]}</c>.</summary>
internal sealed record Condition
{
    private const string ForAll = "ForAllValues:";
    private const string ForAny = "ForAnyValue:";
    private const string IfExists = "IfExists";

    public required string Key { get; init; }

    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>The operator without its prefix, suffix and negation; null for <c>Null</c>.</summary>
    public required Func<string, string, bool>? Compare { get; init; }

    public bool IsNegated { get; init; }

    public bool IsForAll { get; init; }

    public bool IsForAny { get; init; }

    public bool HoldsWhenMissing { get; init; }

    public static IReadOnlyList<Condition> ReadAll(JsonNode? node)
    {
        if (node is null)
        {
            return [];
        }

        var block = node as JsonObject ?? throw new FormatException("A Condition is not an object.");
        return [.. block.SelectMany(entry => Read(entry.Key, entry.Value as JsonObject ?? throw new FormatException($"The condition {entry.Key} is not an object.")))];
    }

    public bool Holds(RequestContext context, bool hasVariables)
    {
        var given = context.Values(Key);
        if (Compare is null)
        {
            return Values.Any(value => (value is "true") == (given is null));
        }

        if (given is null)
        {
            return HoldsWhenMissing;
        }

        var wanted = Values.Select(value => hasVariables ? PolicyVariables.Filled(value, context) : value).OfType<string>().ToList();
        bool IsWanted(string value) => wanted.Any(pattern => Compare(pattern, value)) != IsNegated;
        return IsForAll || (IsNegated && !IsForAny) ? given.All(IsWanted) : given.Any(IsWanted);
    }

    private static IEnumerable<Condition> Read(string name, JsonObject keys)
    {
        var isForAll = name.StartsWith(ForAll, StringComparison.Ordinal);
        var isForAny = name.StartsWith(ForAny, StringComparison.Ordinal);
        var bare = isForAll ? name[ForAll.Length..] : isForAny ? name[ForAny.Length..] : name;
        var isOptional = bare.EndsWith(IfExists, StringComparison.Ordinal);
        bare = isOptional ? bare[..^IfExists.Length] : bare;
        var isNegated = bare.Contains("Not", StringComparison.Ordinal);
        var operation = isNegated ? bare.Replace("Not", "", StringComparison.Ordinal) : bare;
        var compare = bare is "Null" ? null : ConditionOperators.Find(operation) ?? throw new FormatException($"There is no condition operator '{name}'.");
        return keys.Select(key => new Condition
        {
            Key = key.Key,
            Values = Statement.Texts(key.Value, key.Key),
            Compare = compare,
            IsNegated = isNegated,
            IsForAll = isForAll,
            IsForAny = isForAny,

            // A missing key makes a positive operator false and a negated one true; IfExists and ForAllValues are true without it.
            HoldsWhenMissing = isOptional || isForAll || (isNegated && !isForAny),
        });
    }
}
