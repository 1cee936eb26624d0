using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandbox.Authorization;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>What is set on a repository: its policy, lifecycle policy, tag mutability and scanning.</summary>
internal sealed partial class RepositorySettingsOperations(RepositoryAccess access, KnownPrincipals principals)
{
    public Dictionary<string, Func<ApiCall, JsonObject>> All => new()
    {
        ["SetRepositoryPolicy"] = SetPolicy,
        ["GetRepositoryPolicy"] = call => Policy(access.Open(call)),
        ["DeleteRepositoryPolicy"] = DeletePolicy,
        ["PutLifecyclePolicy"] = PutLifecycle,
        ["GetLifecyclePolicy"] = call => Lifecycle(access.Open(call)),
        ["DeleteLifecyclePolicy"] = DeleteLifecycle,
        ["PutImageTagMutability"] = PutMutability,
        ["PutImageScanningConfiguration"] = PutScanning,
    };

    /// <summary>Filters belong to the two modes with exclusions, one to five of them (API PutImageTagMutability).</summary>
    public static TagMutability ReadMutability(JsonObject input, bool required)
    {
        var mode = required ? Input.RequiredText(input, "imageTagMutability") : Input.Text(input, "imageTagMutability") ?? "MUTABLE";
        var filters = Input.List(input, "imageTagMutabilityExclusionFilters").Select(filter => Input.RequiredText(filter, "filter")).ToList();
        if (mode is not ("MUTABLE" or "IMMUTABLE" or "MUTABLE_WITH_EXCLUSION" or "IMMUTABLE_WITH_EXCLUSION"))
        {
            throw EcrErrors.Invalid("imageTagMutability", "must be one of MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION");
        }

        var mutability = new TagMutability(mode, filters);
        var count = mutability.HasExclusions ? filters.Count is >= 1 and <= 5 : filters.Count == 0;
        return count && filters.All(filter => FilterPattern().IsMatch(filter))
            ? mutability
            : throw EcrErrors.Invalid("imageTagMutabilityExclusionFilters", "must be 1 to 5 filters with a mode that has exclusions, and none without");
    }

    private JsonObject SetPolicy(ApiCall call)
    {
        var repository = access.Open(call);
        var text = Input.RequiredText(call.Input, "policyText");
        if (!IsPolicy(text))
        {
            throw EcrErrors.Invalid("PolicyText", "Invalid repository policy provided");
        }

        // terraform-provider-aws#39064.
        if (!Authorization.Policy.Parse(text).AwsPrincipals().All(principals.Contains))
        {
            throw EcrErrors.Invalid("PolicyText", "Principal not found");
        }

        repository.Change(settings => settings with { Policy = text });
        return Policy(repository);
    }

    private JsonObject DeletePolicy(ApiCall call)
    {
        var repository = access.Open(call);
        var answer = Policy(repository);
        repository.Change(settings => settings with { Policy = null });
        return answer;
    }

    private static JsonObject Policy(Repository repository)
    {
        var answer = EcrJson.About(repository);
        answer["policyText"] = repository.Settings.Policy ?? throw EcrErrors.NoPolicy(repository);
        return answer;
    }

    private JsonObject PutLifecycle(ApiCall call)
    {
        var repository = access.Open(call);
        var text = Input.RequiredText(call.Input, "lifecyclePolicyText");
        if (LifecycleGrammar.FaultOf(text) is { } fault)
        {
            throw EcrErrors.Invalid("LifecyclePolicyText", $"Lifecycle policy validation failure: {fault}");
        }

        repository.Change(settings => settings with { LifecyclePolicy = text });
        return Lifecycle(repository);
    }

    private JsonObject DeleteLifecycle(ApiCall call)
    {
        var repository = access.Open(call);
        var answer = Lifecycle(repository);
        repository.Change(settings => settings with { LifecyclePolicy = null });
        return answer;
    }

    private static JsonObject Lifecycle(Repository repository)
    {
        var answer = EcrJson.About(repository);
        answer["lifecyclePolicyText"] = repository.Settings.LifecyclePolicy ?? throw EcrErrors.NoLifecycle(repository);
        return answer;
    }

    private JsonObject PutMutability(ApiCall call)
    {
        var repository = access.Open(call);
        var mutability = ReadMutability(call.Input, required: true);
        repository.Change(settings => settings with { Mutability = mutability });
        var answer = EcrJson.About(repository);
        answer["imageTagMutability"] = mutability.Mode;
        if (mutability.HasExclusions)
        {
            answer["imageTagMutabilityExclusionFilters"] = EcrJson.Filters(mutability);
        }

        return answer;
    }

    private JsonObject PutScanning(ApiCall call)
    {
        var repository = access.Open(call);
        var scansOnPush = Input.Flag(call.Input["imageScanningConfiguration"], "scanOnPush");
        repository.Change(settings => settings with { ScansOnPush = scansOnPush });
        var answer = EcrJson.About(repository);
        answer["imageScanningConfiguration"] = new JsonObject { ["scanOnPush"] = scansOnPush };
        return answer;
    }

    /// <summary>Every statement says effect, principal and actions of ECR; a resource is neither needed nor taken (user guide, repository policies; awsdocs/amazon-ecr-user-guide#20).</summary>
    private static bool IsPolicy(string text)
    {
        try
        {
            var statements = (JsonNode.Parse(text) as JsonObject)?["Statement"] switch
            {
                JsonArray { Count: > 0 } list => list,
                JsonObject one => [one.DeepClone()],
                _ => [],
            };
            _ = Authorization.Policy.Parse(text);
            return statements.Count > 0 && statements.All(statement => statement is JsonObject s
                && s["Effect"]?.ToString() is "Allow" or "Deny" && (s["Principal"] ?? s["NotPrincipal"]) is not null && s["Resource"] is null && s["NotResource"] is null
                && Actions(s["Action"] ?? s["NotAction"]) is { Count: > 0 } actions
                && actions.All(action => action == "*" || action.StartsWith("ecr:", StringComparison.OrdinalIgnoreCase)));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException)
        {
            return false;
        }
    }

    private static List<string> Actions(JsonNode? node) => node switch
    {
        JsonArray list => [.. list.Select(action => action?.ToString() ?? "")],
        JsonValue one => [one.ToString()],
        _ => [],
    };

    [GeneratedRegex(@"^[0-9a-zA-Z._*-]{1,128}\z")]
    private static partial Regex FilterPattern();
}
