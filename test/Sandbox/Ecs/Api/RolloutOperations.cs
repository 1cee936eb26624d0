using System.Globalization;
using System.Text.Json.Nodes;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>Service deployments and service revisions: listed, described.</summary>
public sealed class RolloutOperations(ApiParts parts)
{
    public JsonObject List(ApiCall call)
    {
        var name = call.Input.Text("service") ?? "";
        var found = parts.FindService(call, name);
        parts.Access.Demand(call, "ListServiceDeployments", parts.ServiceArn(call, name), [("ecs:cluster", parts.ClusterArn(call)), .. Access.ResourceTags(found?.Tags)]);
        parts.Cluster(call);
        var service = found ?? throw Errors.ServiceNotFound();
        var statuses = call.Input.Texts("status");
        var (after, before) = (Bound(call, "after"), Bound(call, "before"));
        var rollouts = service.History.AsEnumerable().Reverse()
            .Where(rollout => statuses.Count == 0 || statuses.Contains(rollout.Status))
            .Where(rollout => (after is null || rollout.CreatedAt > after) && (before is null || rollout.CreatedAt < before))
            .Where(rollout => parts.Now - rollout.CreatedAt >= parts.Options.ReadLag);
        var answer = new JsonObject();
        var page = new PageOf<ServiceDeployment>(20, 100, rollouts, rollout => rollout.Arn, rollout => RolloutView.Brief(service, rollout));
        answer["serviceDeployments"] = parts.Paging.Page(call, answer, page);
        return answer;
    }

    public JsonObject Describe(ApiCall call) =>
        Each(call, "serviceDeploymentArns", "DescribeServiceDeployments", "serviceDeployments", (service, arn) =>
            service.History.Find(rollout => rollout.Arn == arn) is { } rollout ? RolloutView.Full(service, rollout) : null);

    public JsonObject DescribeRevisions(ApiCall call) =>
        Each(call, "serviceRevisionArns", "DescribeServiceRevisions", "serviceRevisions", (service, arn) =>
            service.Revisions.TryGetValue(arn, out var revision) ? RolloutView.Revision(service, revision) : null);

    /// <summary>Both the service and the deployment or revision must be granted (authorization.md §1.2).</summary>
    public Service? Demand(ApiCall call, string action, string arn)
    {
        var path = arn.Split('/');
        if (EcsNames.AccountOf(arn) is null || path.Length != 4)
        {
            throw Errors.Invalid("Invalid ARN.");
        }

        var names = new EcsNames(EcsNames.AccountOf(arn)!, arn.Split(':')[3]);
        var service = names.Service(path[1], path[2]);
        parts.Access.Demand(call, action, service, ("ecs:cluster", names.Cluster(path[1])));
        parts.Access.Demand(call, action, arn, ("ecs:cluster", names.Cluster(path[1])), ("ecs:service", service));
        return parts.Services(call).FirstOrDefault(item => item.Arn == service);
    }

    private JsonObject Each(ApiCall call, string member, string action, string answer, Func<Service, string, JsonObject?> find)
    {
        var arns = call.Input.Texts(member);
        if (arns.Count is 0 or > 20)
        {
            throw Errors.Invalid($"{member} should contain between 1 and 20 items.");
        }

        var found = new JsonArray();
        var failures = new JsonArray();
        foreach (var arn in arns)
        {
            if (Demand(call, action, arn) is { } service && find(service, arn) is { } view)
            {
                found.Add((JsonNode)view);
            }
            else
            {
                failures.Add((JsonNode)new JsonObject { ["arn"] = arn, ["reason"] = "MISSING" });
            }
        }

        return new JsonObject { [answer] = found, ["failures"] = failures };
    }

    private static DateTimeOffset? Bound(ApiCall call, string side) => call.Input["createdAt"]?[side] switch
    {
        JsonValue value when value.TryGetValue<double>(out var seconds) => DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(seconds, 0, 1e11)),
        JsonValue value when value.TryGetValue<string>(out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time) => time,
        null => null,
        _ => throw Errors.Invalid("createdAt is not a time."),
    };
}
