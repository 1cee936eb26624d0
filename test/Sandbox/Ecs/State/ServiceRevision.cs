using System.Text.Json.Nodes;

namespace Sandbox.Ecs.State;

/// <summary>The configuration that a service deployment brings out; never changed afterwards.</summary>
public sealed class ServiceRevision
{
    public required string Arn { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required TaskDefinition TaskDefinition { get; init; }

    /// <summary>The members of the service that belong to a revision (network, load balancers, launch type …).</summary>
    public required JsonObject Definition { get; init; }

    /// <summary>By container name: a service deployment resolves tags to digests once (API_ContainerImage).</summary>
    public Dictionary<string, string> Digests { get; } = new(StringComparer.Ordinal);
}
