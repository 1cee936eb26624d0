using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;
using Sandbox.Ecs.Rules;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>UpdateService: what changes, and whether that starts a deployment (UpdateService in the ECS model, member by member).</summary>
public sealed class ServiceUpdates(ApiParts parts, ServiceOperations services)
{
    public JsonObject Update(ApiCall call)
    {
        var account = parts.Account(call);
        var name = call.Input.Text("service") ?? "";
        var reference = call.Input.Text("taskDefinition");
        var named = reference is null ? null : TaskDefinitionOperations.Find(account, reference);
        var found = parts.FindService(call, name);
        parts.Access.Demand(
            call,
            "UpdateService",
            parts.ServiceArn(call, name),
            [.. Access.ResourceTags(found?.Tags), ("ecs:cluster", parts.ClusterArn(call)), ("ecs:task-definition", named?.Arn ?? reference)]);
        parts.Cluster(call);
        var service = found ?? throw Errors.ServiceNotFound();
        if (service.Status != "ACTIVE")
        {
            throw Errors.ServiceNotActive();
        }

        ServiceRules.CheckCount(call.Input);
        ServiceRules.CheckController(service.Controller, call.Input);
        var definition = service.TaskDefinition;
        if (reference is not null)
        {
            definition = ServiceRules.Usable(parts, account, reference, Errors.Client);
            parts.Access.DemandPassRole(call, account.Names, definition.TaskRole, definition.ExecutionRole);
        }

        Apply(service, call.Input, definition);
        return new JsonObject { ["service"] = ServiceView.Of(service, true) };
    }

    private void Apply(Service service, JsonObject input, TaskDefinition? definition)
    {
        var changed = Merge(service.Definition, ServiceOperations.Kept(input));
        var launchType = changed.Text("launchType") ?? service.LaunchType;
        ServiceRules.CheckTogether(changed, definition, launchType);
        services.Remember(service);
        var rolls = (bool?)input["forceNewDeployment"] == true
            || definition != service.TaskDefinition
            || Rollouts.RevisionMembers.Any(member => !JsonNode.DeepEquals(service.Definition[member], changed[member]));
        service.Definition = changed;
        service.TaskDefinition = definition;
        service.DesiredCount = (int?)input["desiredCount"] ?? service.DesiredCount;
        if (rolls && service.Controller == "ECS")
        {
            parts.Engine.Rollouts.Begin(service);
        }
        else
        {
            parts.Engine.Look(service, parts.Options.Reaction);
        }
    }

    /// <summary>Members that are sent replace those that were; in deploymentConfiguration member by member.</summary>
    private static JsonObject Merge(JsonObject before, JsonObject sent)
    {
        var merged = (JsonObject)before.DeepClone();
        foreach (var (member, value) in sent)
        {
            if (member == "deploymentConfiguration" && merged[member] is JsonObject configuration)
            {
                foreach (var (part, inner) in (JsonObject)value!)
                {
                    configuration[part] = inner?.DeepClone();
                }
            }
            else
            {
                merged[member] = value?.DeepClone();
            }
        }

        if (sent["capacityProviderStrategy"] is JsonArray { Count: > 0 })
        {
            merged.Remove("launchType");
        }

        return merged;
    }
}
