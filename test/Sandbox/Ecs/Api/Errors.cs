using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>ECS's errors, with the sentences that AWS is known to answer (authorization.md §5.1, the ECS guide's API error messages, public reports).</summary>
public static class Errors
{
    public static ApiException Invalid(string message) => new("InvalidParameterException", message);

    public static ApiException Client(string message) => new("ClientException", message);

    public static ApiException ClusterNotFound() => new("ClusterNotFoundException", "Cluster not found.");

    public static ApiException ServiceNotFound() => new("ServiceNotFoundException", "Service not found.");

    public static ApiException ServiceNotActive() => new("ServiceNotActiveException", "Service was not ACTIVE.");
}
