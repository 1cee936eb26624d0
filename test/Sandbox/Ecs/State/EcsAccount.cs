using System.Text.Json.Nodes;

namespace Sandbox.Ecs.State;

/// <summary>What one account has in ECS in one region.</summary>
public sealed class EcsAccount(string id, string region)
{
    public EcsNames Names { get; } = new(id, region);

    public SortedDictionary<string, Cluster> Clusters { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, TaskDefinitionFamily> Families { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers of CreateService and RunTask by client token, with the input they answered.</summary>
    public Dictionary<string, (string Input, JsonObject Answer)> ClientTokens { get; } = new(StringComparer.Ordinal);
}
