using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;
using Sandbox.Ecs.Rules;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>RunTask: one-off tasks; source: RunTask in the ECS model.</summary>
public sealed class RunTaskOperation(ApiParts parts, TaskParts tasks)
{
    private readonly TaskMaker _maker = new(tasks.Agenda, tasks.Ids);

    public JsonObject Run(ApiCall call)
    {
        var account = parts.Account(call);
        var reference = call.Input.Text("taskDefinition") ?? "";
        var named = TaskDefinitionOperations.Find(account, reference);
        parts.Access.Demand(
            call,
            "RunTask",
            named?.Arn ?? account.Names.TaskDefinition(EcsNames.Last(reference).Split(':')[0], 0),
            [.. Access.RequestTags(call.Input), .. Access.ResourceTags(named?.Tags), ("ecs:cluster", parts.ClusterArn(call))]);
        parts.Access.DemandTags(call, account.Names.Task(EcsNames.Last(parts.ClusterArn(call)), "*"));
        var cluster = parts.Cluster(call);
        var definition = ServiceRules.Usable(parts, account, reference, Errors.Invalid);
        var overrides = call.Input["overrides"] as JsonObject;
        parts.Access.DemandPassRole(
            call,
            account.Names,
            overrides?.Text("taskRoleArn") ?? definition.TaskRole,
            overrides?.Text("executionRoleArn") ?? definition.ExecutionRole);
        if (Again(call, account, cluster) is { } earlier)
        {
            return earlier;
        }

        Check(call, definition, overrides);
        if (tasks.Puller.Unassumable(definition) is { } role)
        {
            throw Errors.Client($"ECS was unable to assume the role '{role}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.");
        }

        return Answer(call, account, cluster, Start(call, cluster, definition, out var failures), failures);
    }

    private static void Check(ApiCall call, TaskDefinition definition, JsonObject? overrides)
    {
        var count = (int?)call.Input["count"] ?? 1;
        if (count is < 1 or > 10)
        {
            throw Errors.Invalid("Count should be between 1 and 10.");
        }

        if (call.Input.Text("propagateTags") == "SERVICE")
        {
            throw Errors.Invalid("PropagateTags cannot be SERVICE when running a task.");
        }

        if (call.Input["launchType"] is not null && call.Input["capacityProviderStrategy"] is JsonArray { Count: > 0 })
        {
            throw Errors.Invalid("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.");
        }

        ServiceRules.CheckTogether(call.Input, definition, LaunchType(call.Input));
        foreach (var item in overrides?.Objects("containerOverrides") ?? [])
        {
            if (!definition.Containers.Any(container => container.Text("name") == item.Text("name")))
            {
                throw Errors.Invalid($"Override for container named {item.Text("name")} is not a container in the TaskDefinition.");
            }
        }
    }

    private List<EcsTask> Start(ApiCall call, Cluster cluster, TaskDefinition definition, out JsonArray failures)
    {
        failures = [];
        var started = new List<EcsTask>();
        for (var number = (int?)call.Input["count"] ?? 1; number > 0; number--)
        {
            ContainerInstance? instance = null;
            if (tasks.Behaviours.NoCapacity(definition) is { } reason)
            {
                failures.Add((JsonNode)new JsonObject { ["reason"] = reason });
            }
            else if (LaunchType(call.Input) == "EC2" && (instance = Place(cluster, definition, failures)) is null)
            {
                continue;
            }
            else
            {
                var task = Make(call.Input, cluster, definition, instance);
                started.Add(task);
                parts.Engine.StartTask(task);
            }
        }

        return started;
    }

    /// <summary>Placement problems come in failures with HTTP 200 (authorization.md §5.1); without any instance the call itself fails.</summary>
    private static ContainerInstance? Place(Cluster cluster, TaskDefinition definition, JsonArray failures)
    {
        if (cluster.Instances.Count == 0)
        {
            throw Errors.Invalid("No Container Instances were found in your cluster.");
        }

        var instance = cluster.Instances.Find(instance => Placement.Take(instance, definition));
        if (instance is null)
        {
            var closest = cluster.Instances[0];
            failures.Add((JsonNode)new JsonObject { ["arn"] = closest.Arn, ["reason"] = closest.Cpu < definition.Cpu ? "RESOURCE:CPU" : "RESOURCE:MEMORY" });
        }

        return instance;
    }

    private EcsTask Make(JsonObject input, Cluster cluster, TaskDefinition definition, ContainerInstance? instance)
    {
        var tags = (input["tags"] as JsonArray)?.Copy() ?? [];
        if (input.Text("propagateTags") == "TASK_DEFINITION")
        {
            foreach (var tag in definition.Tags.OfType<JsonObject>().Where(tag => !input.Objects("tags").Any(own => own.Text("key") == tag.Text("key"))))
            {
                tags.Add(tag.DeepClone());
            }
        }

        return new EcsTask
        {
            Number = parts.Ids.Number(),
            Id = parts.Ids.Hex(),
            Cluster = cluster,
            Definition = definition,
            LaunchType = LaunchType(input),
            Group = input.Text("group") ?? $"family:{definition.Family}",
            StartedBy = input.Text("startedBy"),
            Instance = instance,
            Overrides = (input["overrides"] as JsonObject)?.DeepClone() as JsonObject ?? [],
            Tags = tags,
            Extra = new JsonObject { ["enableExecuteCommand"] = (bool?)input["enableExecuteCommand"] ?? false },
            CreatedAt = parts.Now,
            Containers = _maker.Containers(definition),
        };
    }

    private static JsonObject Answer(ApiCall call, EcsAccount account, Cluster cluster, List<EcsTask> started, JsonArray failures)
    {
        if (call.Input.Text("clientToken") is { } token)
        {
            account.ClientTokens[$"RunTask {cluster.Name} {token}"] = (call.Input.ToJsonString(), new JsonObject { ["ids"] = Json.Strings(started.Select(task => task.Id)) });
        }

        return new JsonObject { ["tasks"] = Json.Array(started.Select(task => TaskView.Of(task, true))), ["failures"] = failures };
    }

    /// <summary>The same token with the same parameters answers the same tasks; with others it is a conflict (authorization.md §5.1).</summary>
    private static JsonObject? Again(ApiCall call, EcsAccount account, Cluster cluster)
    {
        if (call.Input.Text("clientToken") is not { } token || !account.ClientTokens.TryGetValue($"RunTask {cluster.Name} {token}", out var earlier))
        {
            return null;
        }

        var known = earlier.Answer.Texts("ids").Where(cluster.Tasks.ContainsKey).Select(id => cluster.Tasks[id]).ToList();
        return earlier.Input == call.Input.ToJsonString()
            ? new JsonObject { ["tasks"] = Json.Array(known.Select(task => TaskView.Of(task, true))), ["failures"] = Json.Array([]) }
            // Inferred: the rule is documented, the words are ours.
            : throw new ApiException("ConflictException", "The clientToken is already in use with different parameters.")
            {
                Members = new JsonObject { ["resourceIds"] = Json.Strings(known.Select(task => task.Arn)) },
            };
    }

    private static string LaunchType(JsonObject input) => input.Text("launchType")
        ?? (input.Objects("capacityProviderStrategy").Any(item => (item.Text("capacityProvider") ?? "").StartsWith("FARGATE", StringComparison.Ordinal)) ? "FARGATE" : "EC2");
}
