using System.Text.Json.Nodes;

namespace Sandbox.Authorization;

/// <summary>One statement of a policy.</summary>
internal sealed record Statement
{
    private static readonly HashSet<string> Members =
        ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

    public required bool Allows { get; init; }

    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>The actions are those that the statement is not about.</summary>
    public bool IsNotAction { get; init; }

    /// <summary>Null where the policy hangs on its resource (an ECR repository policy, a trust policy) and names none.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    public bool IsNotResource { get; init; }

    /// <summary>Null in policies that hang on their principal.</summary>
    public PrincipalClause? Principals { get; init; }

    public bool IsNotPrincipal { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>Policy variables came with version 2012-10-17; before, <c>${…}</c> was plain text.</summary>
    public required bool HasVariables { get; init; }

    public static Statement Read(JsonObject statement, bool hasVariables)
    {
        if (statement.FirstOrDefault(member => !Members.Contains(member.Key)) is { Key: { } unknown })
        {
            throw new FormatException($"A Statement has a member '{unknown}', which no statement has.");
        }

        var effect = Text(statement["Effect"], "Effect");
        return new Statement
        {
            Allows = effect switch { "Allow" => true, "Deny" => false, _ => throw new FormatException($"Effect is '{effect}'; there are Allow and Deny.") },
            Actions = OneOf(statement, "Action") ?? throw new FormatException("A Statement has no Action."),
            IsNotAction = statement.ContainsKey("NotAction"),
            Resources = OneOf(statement, "Resource"),
            IsNotResource = statement.ContainsKey("NotResource"),
            Principals = (statement["Principal"] ?? statement["NotPrincipal"]) is { } principals ? PrincipalClause.Read(principals) : null,
            IsNotPrincipal = statement.ContainsKey("NotPrincipal"),
            Conditions = Condition.ReadAll(statement["Condition"]),
            HasVariables = hasVariables,
        };
    }

    /// <summary>Action, resource and conditions; whom it is about is asked apart.</summary>
    public bool IsAbout(RequestContext context)
    {
        var action = Actions.Any(pattern => Wildcard.Matches(pattern, context.Action, ignoreCase: true));
        var resource = Resources is null || Resources.Any(pattern => IsResource(pattern, context)) != IsNotResource;
        return action != IsNotAction && resource && Conditions.All(condition => condition.Holds(context, HasVariables));
    }

    /// <summary>One text, or a list of texts.</summary>
    public static IReadOnlyList<string> Texts(JsonNode? node, string name) =>
        node is JsonArray list ? [.. list.Select(item => Text(item, name))] : [Text(node, name)];

    private static string Text(JsonNode? node, string name)
    {
        return node switch
        {
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            JsonValue value => value.ToJsonString(),
            _ => throw new FormatException($"{name} is missing, or not a text."),
        };
    }

    private static IReadOnlyList<string>? OneOf(JsonObject statement, string name)
    {
        return (statement.ContainsKey(name), statement.ContainsKey($"Not{name}")) switch
        {
            (true, true) => throw new FormatException($"A Statement has both {name} and Not{name}."),
            (true, false) => Texts(statement[name], name),
            (false, true) => Texts(statement[$"Not{name}"], $"Not{name}"),
            _ => null,
        };
    }

    private bool IsResource(string pattern, RequestContext context)
    {
        return pattern is "*" || ((HasVariables ? PolicyVariables.Filled(pattern, context) : pattern) is { } filled
            && (context.Resource is "*" ? filled is "*" : Wildcard.MatchesArn(filled, context.Resource)));
    }
}
