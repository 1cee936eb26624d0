using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>The AWS tags of repositories. These operations take an ARN and no registryId.</summary>
internal sealed class RepositoryTagOperations(RepositoryAccess access)
{
    // API TooManyTagsException, InvalidTagParameterException.
    private const int MaximumTags = 50;
    private const int MaximumKey = 128;
    private const int MaximumValue = 256;

    public Dictionary<string, Func<ApiCall, JsonObject>> All => new()
    {
        ["TagResource"] = Tag,
        ["UntagResource"] = Untag,
        ["ListTagsForResource"] = List,
    };

    /// <summary>The tags that a request carries.</summary>
    public static Dictionary<string, string> Read(JsonObject input)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in Input.List(input, "tags"))
        {
            var (key, value) = (Input.RequiredText(tag, "Key"), Input.Text(tag, "Value") ?? "");
            if (key.Length is 0 or > MaximumKey || value.Length > MaximumValue || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase) || !tags.TryAdd(key, value))
            {
                // Inferred: the rule is documented, the words are ours.
                throw new ApiException("InvalidTagParameterException", "Invalid tag parameter: keys have 1 to 128 characters, are unique and do not begin with aws:; values have at most 256.");
            }
        }

        return tags.Count <= MaximumTags ? tags : throw TooMany();
    }

    private JsonObject Tag(ApiCall call)
    {
        var added = Read(call.Input);
        var (registry, name) = Resource(call);
        access.Demand(call, registry, name, "ecr:TagResource", added);
        var repository = registry.Get(name);
        var all = new Dictionary<string, string>(repository.Settings.Tags, StringComparer.Ordinal);
        foreach (var (key, value) in added)
        {
            all[key] = value;
        }

        if (all.Count > MaximumTags)
        {
            throw TooMany();
        }

        repository.Change(settings => settings with { Tags = all });
        return [];
    }

    private JsonObject Untag(ApiCall call)
    {
        var (registry, name) = Resource(call);
        var repository = access.Open(call.Caller, registry, name, "ecr:UntagResource");
        var keys = Input.Texts(call.Input, "tagKeys");
        repository.Change(settings => settings with { Tags = settings.Tags.Where(tag => !keys.Contains(tag.Key, StringComparer.Ordinal)).ToDictionary() });
        return [];
    }

    private JsonObject List(ApiCall call)
    {
        var (registry, name) = Resource(call);
        var repository = access.Open(call.Caller, registry, name, "ecr:ListTagsForResource");
        return new JsonObject
        {
            ["tags"] = EcrJson.Array(repository.Settings.Tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })),
        };
    }

    private (AccountRegistry Registry, string Name) Resource(ApiCall call)
    {
        var parts = Input.RequiredText(call.Input, "resourceArn").Split(':', 6);
        return parts is ["arn", _, "ecr", var region, var account, var resource] && region == call.Region && resource.StartsWith("repository/", StringComparison.Ordinal)
            ? (access.Registries.Of(account, region), resource["repository/".Length..])
            : throw EcrErrors.Invalid("resourceArn", "Invalid ARN");
    }

    private static ApiException TooMany() => new("TooManyTagsException", "The maximum number of tags that can be applied to a repository is 50.");
}
