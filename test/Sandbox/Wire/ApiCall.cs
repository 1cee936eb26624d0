using System.Text.Json.Nodes;
using Sandbox.Worlds;

namespace Sandbox.Wire;

/// <summary>One call of an AWS operation, after its signature and its input's shape were checked and before anything was authorized.</summary>
public sealed record ApiCall
{
    /// <summary>The signing name: <c>ecs</c>, <c>ecr</c>, <c>logs</c>, <c>sts</c>.</summary>
    public required string Service { get; init; }

    public required string Operation { get; init; }

    /// <summary>The input as it was sent, unknown members included.</summary>
    public required JsonObject Input { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>The region of the credential scope that signed the call.</summary>
    public required string Region { get; init; }

    public required string RequestId { get; init; }
}
