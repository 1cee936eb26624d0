using System.Text.Json.Nodes;
using Sandbox.Authorization;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>Asks the authorizer what ECS asks: action, resource, condition keys (authorization.md §1.2), and iam:PassRole (§1.6).</summary>
public sealed class Access(IAuthorizer authorizer)
{
    public void Demand(ApiCall call, string action, string resource, params (string Key, string? Value)[] keys) =>
        authorizer.Demand(new AccessRequest
        {
            Caller = call.Caller,
            Action = $"ecs:{action}",
            Resource = resource,
            ResourceAccount = EcsNames.AccountOf(resource),
            Keys = keys.Where(key => key.Value is not null)
                .GroupBy(key => key.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(key => key.Value!)], StringComparer.Ordinal),
        });

    /// <summary>aws:ResourceTag/… and ecs:ResourceTag/… of something that is there.</summary>
    public static (string Key, string? Value)[] ResourceTags(JsonArray? tags) =>
    [
        .. (tags ?? []).OfType<JsonObject>().SelectMany(tag => new[]
        {
            ($"aws:ResourceTag/{(string?)tag["key"]}", (string?)tag["value"]),
            ($"ecs:ResourceTag/{(string?)tag["key"]}", (string?)tag["value"]),
        }),
    ];

    /// <summary>aws:RequestTag/… and aws:TagKeys of what the request brings.</summary>
    public static (string Key, string? Value)[] RequestTags(JsonObject input) =>
    [
        .. input.Objects("tags").SelectMany(tag => new[]
        {
            ($"aws:RequestTag/{(string?)tag["key"]}", (string?)tag["value"]),
            ("aws:TagKeys", (string?)tag["key"]),
        }),
    ];

    /// <summary>ecs:TagResource with ecs:CreateAction, when a creating call brings tags; reserved keys are refused.</summary>
    public void DemandTags(ApiCall call, string resource)
    {
        if (!call.Input.Objects("tags").Any())
        {
            return;
        }

        Demand(call, "TagResource", resource, [.. RequestTags(call.Input), ("ecs:CreateAction", call.Operation)]);
        CheckTags(call.Input);
    }

    /// <summary>Tags: at most 50, no key twice, none that begins with <c>aws:</c> (Tag in the ECS model).</summary>
    public static void CheckTags(JsonObject input)
    {
        var keys = input.Objects("tags").Select(tag => (string?)tag["key"] ?? "").ToList();
        if (keys.Exists(key => key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)))
        {
            throw Errors.Invalid("aws: prefixed tag key names are not allowed for external use.");
        }

        if (keys.Count > 50)
        {
            throw Errors.Invalid("The maximum number of tags for a resource has been exceeded.");
        }

        if (keys.Distinct(StringComparer.Ordinal).Count() != keys.Count)
        {
            throw Errors.Invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
        }
    }

    /// <summary>iam:PassRole for every role that the request hands to tasks; a role of another account cannot be passed.</summary>
    public void DemandPassRole(ApiCall call, EcsNames names, params string?[] roles)
    {
        foreach (var role in roles.OfType<string>())
        {
            var arn = names.Role(role);
            if (EcsNames.AccountOf(arn) != call.Caller.AccountId)
            {
                throw new ApiException("AccessDeniedException", "Cross-account pass role is not allowed.");
            }

            authorizer.Demand(new AccessRequest
            {
                Caller = call.Caller,
                Action = "iam:PassRole",
                Resource = arn,
                Keys = new Dictionary<string, IReadOnlyList<string>> { ["iam:PassedToService"] = ["ecs-tasks.amazonaws.com"] },
            });
        }
    }
}
