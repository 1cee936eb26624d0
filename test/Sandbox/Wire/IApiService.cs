using System.Text.Json.Nodes;

namespace Sandbox.Wire;

/// <summary>
/// One AWS service of the JSON 1.1 protocol. An operation authorizes itself through <see cref="Authorization.IAuthorizer"/> before it looks at or
/// changes anything, and throws <see cref="ApiException"/> for every error that AWS would answer.
/// </summary>
public interface IApiService
{
    /// <summary>The signing name, <c>ecs</c>.</summary>
    string Name { get; }

    /// <summary>What stands before the dot of <c>X-Amz-Target</c>, <c>AmazonEC2ContainerServiceV20141113</c>.</summary>
    string TargetPrefix { get; }

    Task<JsonObject> AnswerAsync(ApiCall call, CancellationToken token);
}
