using System.Globalization;
using System.Text.Json.Nodes;
using Sandbox.Ecs.Rules;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>Task definitions.</summary>
public sealed class TaskDefinitionOperations(ApiParts parts)
{
    public JsonObject Register(ApiCall call)
    {
        var account = parts.Account(call);
        var family = call.Input.Text("family") ?? "";
        var compatibilities = call.Input.Texts("requiresCompatibilities").Select(item => ("ecs:compute-compatibility", (string?)item));
        (string, string?)[] keys =
        [
            .. compatibilities, ("ecs:task-cpu", call.Input.Text("cpu")), ("ecs:task-memory", call.Input.Text("memory")),
            ("ecs:privileged", call.Input.Objects("containerDefinitions").Any(container => (bool?)container["privileged"] == true) ? "true" : "false"),
            .. Access.RequestTags(call.Input),
        ];
        // It has no revision yet: granted on family:* (authorization.md §1.2).
        parts.Access.Demand(call, "RegisterTaskDefinition", $"{account.Names.TaskDefinition(family, 0)[..^1]}*", keys);
        parts.Access.DemandTags(call, $"{account.Names.TaskDefinition(family, 0)[..^1]}*");
        TaskDefinitionRules.Check(call.Input);
        parts.Access.DemandPassRole(call, account.Names, call.Input.Text("taskRoleArn"), call.Input.Text("executionRoleArn"));
        var definition = Add(account, call.Input, parts.Now, call.Caller.Arn);
        return new JsonObject { ["taskDefinition"] = definition.Document.DeepClone(), ["tags"] = definition.Tags.Copy() };
    }

    public static TaskDefinition Add(EcsAccount account, JsonObject input, DateTimeOffset now, string by)
    {
        var name = input.Text("family")!;
        if (!account.Families.TryGetValue(name, out var family))
        {
            account.Families[name] = family = new TaskDefinitionFamily(name);
        }

        var revision = ++family.LastRevision;
        var document = TaskDefinitionDefaults.Complete(input, account.Names);
        document["taskDefinitionArn"] = account.Names.TaskDefinition(name, revision);
        document["revision"] = revision;
        document["status"] = "ACTIVE";
        document["registeredAt"] = Json.Epoch(now);
        document["registeredBy"] = by;
        return family.Revisions[revision] = new TaskDefinition
        {
            Arn = account.Names.TaskDefinition(name, revision),
            Family = name,
            Revision = revision,
            Document = document,
            Tags = (input["tags"] as JsonArray)?.Copy() ?? [],
        };
    }

    public JsonObject Describe(ApiCall call)
    {
        parts.Access.Demand(call, "DescribeTaskDefinition", "*");
        var definition = Find(parts.Account(call), call.Input.Text("taskDefinition") ?? "") ?? throw Errors.Client("Unable to describe task definition.");
        var answer = new JsonObject { ["taskDefinition"] = definition.Document.DeepClone() };
        if (call.Input.Texts("include").Contains("TAGS"))
        {
            answer["tags"] = definition.Tags.Copy();
        }

        return answer;
    }

    public JsonObject Deregister(ApiCall call)
    {
        parts.Access.Demand(call, "DeregisterTaskDefinition", "*");
        var wanted = call.Input.Text("taskDefinition") ?? "";
        if (!EcsNames.Last(wanted).Contains(':', StringComparison.Ordinal))
        {
            throw Errors.Invalid("Revision is missing.");
        }

        var definition = Find(parts.Account(call), wanted) ?? throw Errors.Client("The specified task definition does not exist.");
        if (!definition.Active)
        {
            throw Errors.Client("The specified task definition is inactive. You can't deregister an inactive task definition.");
        }

        definition.Active = false;
        definition.Document["status"] = "INACTIVE";
        definition.Document["deregisteredAt"] = Json.Epoch(parts.Now);
        return new JsonObject { ["taskDefinition"] = definition.Document.DeepClone() };
    }

    public JsonObject List(ApiCall call)
    {
        parts.Access.Demand(call, "ListTaskDefinitions", "*");
        var active = (call.Input.Text("status") ?? "ACTIVE") == "ACTIVE";
        var prefix = call.Input.Text("familyPrefix");
        var found = parts.Account(call).Families.Values
            .Where(family => prefix is null || family.Name == prefix)
            .SelectMany(family => family.Revisions.Values)
            .Where(definition => definition.Active == active);
        if (call.Input.Text("sort") == "DESC")
        {
            found = found.Reverse();
        }

        var answer = new JsonObject();
        answer["taskDefinitionArns"] = parts.Paging.Page(call, answer, new PageOf<TaskDefinition>(100, 100, found, definition => definition.Arn, definition => definition.Arn));
        return answer;
    }

    public JsonObject ListFamilies(ApiCall call)
    {
        parts.Access.Demand(call, "ListTaskDefinitionFamilies", "*");
        var prefix = call.Input.Text("familyPrefix") ?? "";
        var status = call.Input.Text("status") ?? "ACTIVE";
        var found = parts.Account(call).Families.Values
            .Where(family => family.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(family => status == "ALL" || (family.LatestActive is not null) == (status == "ACTIVE"));
        var answer = new JsonObject();
        answer["families"] = parts.Paging.Page(call, answer, new PageOf<TaskDefinitionFamily>(100, 100, found, family => family.Name, family => family.Name));
        return answer;
    }

    /// <summary>By family (its newest ACTIVE revision), family:revision, or ARN; INACTIVE ones are found by revision (DescribeTaskDefinition in the ECS model).</summary>
    public static TaskDefinition? Find(EcsAccount account, string reference)
    {
        if (EcsNames.AccountOf(reference) is { } owner && owner != account.Names.Account)
        {
            return null;
        }

        var name = EcsNames.Last(reference);
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (!account.Families.TryGetValue(colon < 0 ? name : name[..colon], out var family))
        {
            return null;
        }

        return colon < 0
            ? family.LatestActive
            : int.TryParse(name[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? family.Revisions.GetValueOrDefault(revision) : null;
    }

    /// <summary>Up to ten minutes until a deregistered definition is refused (DeregisterTaskDefinition in the ECS model).</summary>
    public static bool Usable(TaskDefinition definition, ApiParts parts) =>
        definition.Active
        || (parts.Options.InactiveGrace > TimeSpan.Zero && parts.Now.ToUnixTimeMilliseconds() / 1000.0 < (double)definition.Document["deregisteredAt"]! + parts.Options.InactiveGrace.TotalSeconds);
}
