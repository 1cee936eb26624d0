using Sandbox.Authorization;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Ecr;

/// <summary>The way to a repository: who asks is checked against identity and repository policy first, then the repository must be there.</summary>
internal sealed class RepositoryAccess(Registries registries, IAuthorizer authorizer)
{
    public Registries Registries => registries;

    /// <summary>The registry that a call addresses: registryId, which defaults to the caller's own.</summary>
    public AccountRegistry RegistryOf(ApiCall call) => registries.Of(Input.Text(call.Input, "registryId") ?? call.Caller.AccountId, call.Region);

    /// <summary>The repository of a call that the caller may use for the call's own action.</summary>
    public Repository Open(ApiCall call) => Open(call, "ecr:" + call.Operation);

    public Repository Open(ApiCall call, string action) =>
        Open(call.Caller, RegistryOf(call), Input.RequiredText(call.Input, "repositoryName"), action);

    public Repository Open(Caller caller, AccountRegistry registry, string name, string action)
    {
        authorizer.Demand(Question(caller, registry, name, action));
        return registry.Get(name);
    }

    /// <summary>Null when allowed; otherwise AWS's sentence.</summary>
    public string? Refusal(Caller caller, AccountRegistry registry, string name, string action) =>
        authorizer.Refusal(Question(caller, registry, name, action));

    /// <summary>For actions on no repository, such as GetAuthorizationToken.</summary>
    public string? Refusal(Caller caller, string action) => authorizer.Refusal(new AccessRequest { Caller = caller, Action = action, Resource = "*" });

    public void Demand(ApiCall call) => authorizer.Demand(new AccessRequest { Caller = call.Caller, Action = "ecr:" + call.Operation, Resource = "*" });

    /// <summary>For repositories that are not there yet and for tags: what the request itself says counts too.</summary>
    public void Demand(ApiCall call, AccountRegistry registry, string name, string action, IReadOnlyDictionary<string, string> requestTags)
    {
        var question = Question(call.Caller, registry, name, action);
        var keys = new Dictionary<string, IReadOnlyList<string>>(question.Keys);
        foreach (var (key, value) in requestTags)
        {
            keys["aws:RequestTag/" + key] = [value];
        }

        if (requestTags.Count > 0)
        {
            keys["aws:TagKeys"] = [.. requestTags.Keys];
        }

        authorizer.Demand(question with { Keys = keys });
    }

    private static AccessRequest Question(Caller caller, AccountRegistry registry, string name, string action)
    {
        var settings = registry.Find(name)?.Settings;
        var keys = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (key, value) in settings?.Tags ?? new Dictionary<string, string>())
        {
            keys["aws:ResourceTag/" + key] = [value];
            keys["ecr:ResourceTag/" + key] = [value];
        }

        return new AccessRequest
        {
            Caller = caller,
            Action = action,
            Resource = registry.ArnOf(name),
            ResourceAccount = registry.AccountId,
            ResourcePolicy = settings?.Policy,
            Keys = keys,
        };
    }
}
