using System.Text.Json.Nodes;
using Sandbox.Ecs.Rules;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>Services: created, described, listed, deleted.</summary>
public sealed class ServiceOperations(ApiParts parts)
{
    /// <summary>Members that are not kept as they came, for the service has them as properties or they only steer the call.</summary>
    private static readonly string[] Own = ["cluster", "serviceName", "service", "taskDefinition", "desiredCount", "clientToken", "tags", "forceNewDeployment", "role"];

    public JsonObject Create(ApiCall call)
    {
        var account = parts.Account(call);
        var name = call.Input.Text("serviceName") ?? "";
        var reference = call.Input.Text("taskDefinition");
        var definition = reference is null ? null : TaskDefinitionOperations.Find(account, reference);
        var arn = parts.ServiceArn(call, name);
        parts.Access.Demand(call, "CreateService", arn, [.. Access.RequestTags(call.Input), ("ecs:cluster", parts.ClusterArn(call)), ("ecs:task-definition", definition?.Arn ?? reference)]);
        parts.Access.DemandTags(call, arn);
        var cluster = parts.Cluster(call);
        ServiceRules.CheckCreate(call.Input);
        if (Again(call, account, cluster, name) is { } earlier)
        {
            return earlier;
        }

        definition = reference is null ? null : ServiceRules.Usable(parts, account, reference, Errors.Invalid);
        parts.Access.DemandPassRole(call, account.Names, definition?.TaskRole, definition?.ExecutionRole);
        var service = Add(cluster, call.Input, definition, call.Caller.RoleArn ?? call.Caller.Arn);
        service.Stale = parts.Options.ReadLag > TimeSpan.Zero ? (parts.Now + parts.Options.ReadLag, null) : null;
        var answer = new JsonObject { ["service"] = ServiceView.Of(service, true) };
        if (call.Input.Text("clientToken") is { } token)
        {
            account.ClientTokens[$"CreateService {cluster.Name} {token}"] = (call.Input.ToJsonString(), (JsonObject)answer.DeepClone());
        }

        return answer;
    }

    public Service Add(Cluster cluster, JsonObject input, TaskDefinition? definition, string by)
    {
        var kept = Kept(input);
        var configuration = kept["deploymentConfiguration"] as JsonObject ?? [];
        kept["schedulingStrategy"] ??= "REPLICA";
        var daemon = kept.Text("schedulingStrategy") == "DAEMON";
        kept["deploymentConfiguration"] = configuration;
        // The defaults of CreateService: 200 and 100; a daemon's 100 and 0 (DeploymentConfiguration in the ECS model).
        configuration["maximumPercent"] ??= daemon ? 100 : 200;
        configuration["minimumHealthyPercent"] ??= daemon ? 0 : 100;
        configuration["deploymentCircuitBreaker"] ??= new JsonObject { ["enable"] = false, ["rollback"] = false };
        configuration["strategy"] ??= "ROLLING";
        kept["deploymentController"] ??= new JsonObject { ["type"] = "ECS" };
        foreach (var (member, value) in new (string, JsonNode)[]
        {
            ("loadBalancers", new JsonArray()), ("serviceRegistries", new JsonArray()), ("placementConstraints", new JsonArray()), ("placementStrategy", new JsonArray()),
            ("enableECSManagedTags", false), ("enableExecuteCommand", false), ("propagateTags", "NONE"), ("availabilityZoneRebalancing", "ENABLED"),
        })
        {
            kept[member] ??= value;
        }

        if (kept["capacityProviderStrategy"] is null)
        {
            kept["launchType"] ??= "EC2";
        }

        var service = new Service(cluster, input.Text("serviceName")!, kept)
        {
            CreatedAt = parts.Now,
            CreatedBy = by,
            TaskDefinition = definition,
            DesiredCount = (int?)input["desiredCount"] ?? 0,
            Tags = (input["tags"] as JsonArray)?.Copy() ?? [],
        };
        ServiceRules.CheckTogether(kept, definition, service.LaunchType);
        cluster.Services[service.Name] = service;
        if (service.Controller == "ECS")
        {
            parts.Engine.Rollouts.Begin(service);
        }

        return service;
    }

    public JsonObject Describe(ApiCall call)
    {
        var wanted = call.Input.Texts("services");
        if (wanted.Count is 0 or > 10)
        {
            throw Errors.Invalid(wanted.Count == 0 ? "Services cannot be empty." : "Services should contain at most 10 items.");
        }

        foreach (var name in wanted)
        {
            parts.Access.Demand(call, "DescribeServices", parts.ServiceArn(call, name), [("ecs:cluster", parts.ClusterArn(call)), .. Access.ResourceTags(parts.FindService(call, name)?.Tags)]);
        }

        parts.Cluster(call);
        var tags = call.Input.Texts("include").Contains("TAGS");
        var found = new JsonArray();
        var failures = new JsonArray();
        foreach (var name in wanted)
        {
            if (parts.FindService(call, name) is { } service && See(service, tags) is { } view)
            {
                found.Add((JsonNode)view);
            }
            else
            {
                failures.Add((JsonNode)new JsonObject { ["arn"] = parts.ServiceArn(call, name), ["reason"] = "MISSING" });
            }
        }

        return new JsonObject { ["services"] = found, ["failures"] = failures };
    }

    public JsonObject List(ApiCall call)
    {
        parts.Access.Demand(call, "ListServices", "*", ("ecs:cluster", parts.ClusterArn(call)));
        var found = parts.Cluster(call).Services.Values
            .Where(service => service.Status == "ACTIVE")
            .Where(service => call.Input.Text("launchType") is not { } type || service.LaunchType == type)
            .Where(service => call.Input.Text("schedulingStrategy") is not { } strategy || service.Daemon == (strategy == "DAEMON"));
        var answer = new JsonObject();
        answer["serviceArns"] = parts.Paging.Page(call, answer, new PageOf<Service>(10, 100, found, service => service.Name, service => service.Arn));
        return answer;
    }

    public JsonObject Delete(ApiCall call)
    {
        var name = call.Input.Text("service") ?? "";
        parts.Access.Demand(call, "DeleteService", parts.ServiceArn(call, name), ("ecs:cluster", parts.ClusterArn(call)));
        parts.Cluster(call);
        var service = parts.FindService(call, name) ?? throw Errors.ServiceNotFound();
        if (service.Status != "ACTIVE")
        {
            throw Errors.ServiceNotActive();
        }

        if (service.DesiredCount > 0 && !service.Daemon && (bool?)call.Input["force"] != true)
        {
            throw Errors.Invalid("The service cannot be stopped while it is scaled above 0.");
        }

        Remember(service);
        service.Status = "DRAINING";
        service.DesiredCount = 0;
        if (service.Newest is { Ended: false } rollout)
        {
            parts.Engine.Rollouts.End(rollout, "STOPPED", "Service deployment stopped because the service was deleted.");
            rollout.StoppedAt = parts.Now;
        }

        parts.Engine.Look(service, TimeSpan.Zero);
        return new JsonObject { ["service"] = ServiceView.Of(service) };
    }

    /// <summary>Readers go on seeing the service as it is now, for as long as reads lag.</summary>
    public void Remember(Service service)
    {
        if (parts.Options.ReadLag > TimeSpan.Zero)
        {
            service.Stale = (parts.Now + parts.Options.ReadLag, ServiceView.Of(service));
        }
    }

    public static JsonObject Kept(JsonObject input) =>
        new(input.Where(member => member.Value is not null && !Own.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    private JsonObject? See(Service service, bool tags) =>
        service.Stale is { } stale && parts.Now < stale.Until ? (JsonObject?)stale.View?.DeepClone() : ServiceView.Of(service, tags);

    private static JsonObject? Again(ApiCall call, EcsAccount account, Cluster cluster, string name)
    {
        if (call.Input.Text("clientToken") is { } token && account.ClientTokens.TryGetValue($"CreateService {cluster.Name} {token}", out var earlier))
        {
            return earlier.Input == call.Input.ToJsonString() ? (JsonObject)earlier.Answer.DeepClone() : throw Errors.Invalid("Creation of service was not idempotent.");
        }

        return cluster.Services.TryGetValue(name, out var service) && service.Status != "INACTIVE"
            ? throw Errors.Invalid(service.Status == "DRAINING" ? "Unable to Start a service that is still Draining." : "Creation of service was not idempotent.")
            : null;
    }
}
