using System.Collections.Concurrent;
using Sandbox.Authorization;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Tests.Ecr;

/// <summary>Allows all but the actions that a test denies, and remembers what it was asked.</summary>
internal sealed class StubAuthorizer : IAuthorizer
{
    public ConcurrentBag<AccessRequest> Asked { get; } = [];

    /// <summary><c>ecr:PutImage</c>, or <c>ecr:PutImage shop</c> for one repository.</summary>
    public HashSet<string> Denied { get; } = [];

    public string? Refusal(AccessRequest request)
    {
        Asked.Add(request);
        return Denied.Contains(request.Action) || Denied.Contains($"{request.Action} {request.Resource.Split('/')[^1]}")
            ? $"User: {request.Caller.Arn} is not authorized to perform: {request.Action} on resource: {request.Resource} because no identity-based policy allows the {request.Action} action"
            : null;
    }

    public void Demand(AccessRequest request)
    {
        if (Refusal(request) is { } refusal)
        {
            throw new ApiException("AccessDeniedException", refusal);
        }
    }

    public Caller? SessionOf(string roleArn, string sessionName) => null;
}
