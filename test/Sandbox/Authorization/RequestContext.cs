namespace Sandbox.Authorization;

/// <summary>What a policy is held against: one action on one resource, with the condition keys of the request.</summary>
internal sealed class RequestContext
{
    public required string Action { get; init; }

    public required string Resource { get; init; }

    /// <summary>By name, whatever its case; several values for multi-valued keys.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Keys { get; init; }

    /// <summary>Null when the request has no such key.</summary>
    public IReadOnlyList<string>? Values(string key) => Keys.TryGetValue(key, out var values) && values.Count > 0 ? values : null;
}
