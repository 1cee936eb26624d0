using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>Tags of clusters, services and task definitions.</summary>
public sealed class TagOperations(ApiParts parts)
{
    public JsonObject Tag(ApiCall call)
    {
        var arn = call.Input.Text("resourceArn") ?? "";
        parts.Access.Demand(call, "TagResource", arn, Access.RequestTags(call.Input));
        Access.CheckTags(call.Input);
        var (tags, set) = Find(call, arn);
        var kept = tags.OfType<JsonObject>().Where(tag => !call.Input.Objects("tags").Any(item => item.Text("key") == tag.Text("key")));
        var merged = Json.Array(kept.Concat(call.Input.Objects("tags")).Select(tag => tag.DeepClone()));
        if (merged.Count > 50)
        {
            throw new ApiException("LimitExceededException", "The maximum number of tags for a resource has been exceeded.");
        }

        set(merged);
        return [];
    }

    public JsonObject Untag(ApiCall call)
    {
        var arn = call.Input.Text("resourceArn") ?? "";
        parts.Access.Demand(call, "UntagResource", arn);
        var (tags, set) = Find(call, arn);
        var gone = call.Input.Texts("tagKeys");
        set(Json.Array(tags.OfType<JsonObject>().Where(tag => !gone.Contains(tag.Text("key") ?? "")).Select(tag => tag.DeepClone())));
        return [];
    }

    public JsonObject List(ApiCall call)
    {
        var arn = call.Input.Text("resourceArn") ?? "";
        parts.Access.Demand(call, "ListTagsForResource", arn);
        return new JsonObject { ["tags"] = Find(call, arn).Tags.Copy() };
    }

    private (JsonArray Tags, Action<JsonArray> Set) Find(ApiCall call, string arn)
    {
        var account = parts.Account(call);
        var path = arn.Split(':').ElementAtOrDefault(5)?.Split('/') ?? [];
        if (path is ["cluster", var name] && account.Clusters.TryGetValue(name, out var cluster) && cluster.Active)
        {
            return (cluster.Tags, tags => cluster.Tags = tags);
        }

        if (path is ["service", _, _] && parts.Services(call).FirstOrDefault(service => service.Arn == arn && service.Status == "ACTIVE") is { } found)
        {
            return (found.Tags, tags => found.Tags = tags);
        }

        if (path is ["task-definition", _] && TaskDefinitionOperations.Find(account, arn) is { } definition)
        {
            return (definition.Tags, tags => definition.Tags = tags);
        }

        // Inferred: the rule is documented, the words are ours.
        throw Errors.Invalid("The specified resource was not found.");
    }
}
