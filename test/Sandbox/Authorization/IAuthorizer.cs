using Sandbox.Worlds;

namespace Sandbox.Authorization;

/// <summary>Decides, as IAM does, who may do what; an action that is not in the table of known actions is refused.</summary>
public interface IAuthorizer
{
    /// <summary>Null when allowed; otherwise AWS's sentence ("User: … is not authorized to perform: …").</summary>
    string? Refusal(AccessRequest request);

    /// <summary>Throws <see cref="Wire.ApiException"/> AccessDeniedException, HTTP 400, when refused.</summary>
    void Demand(AccessRequest request);

    /// <summary>The principal that a role is when AWS itself takes it (a task's execution role); null when there is no such role.</summary>
    Caller? SessionOf(string roleArn, string sessionName);
}

/// <summary>One question to the authorizer.</summary>
public sealed record AccessRequest
{
    public required Caller Caller { get; init; }

    /// <summary><c>ecs:UpdateService</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The resource's ARN, or <c>*</c> for actions that have none.</summary>
    public required string Resource { get; init; }

    /// <summary>The account that owns the resource; null means the caller's.</summary>
    public string? ResourceAccount { get; init; }

    /// <summary>The resource's own policy (an ECR repository policy) as JSON text; null when there is none.</summary>
    public string? ResourcePolicy { get; init; }

    /// <summary>Condition keys of this request: <c>ecs:cluster</c>, <c>iam:PassedToService</c>, <c>aws:RequestTag/…</c>; several values for multi-valued keys.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Keys { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
