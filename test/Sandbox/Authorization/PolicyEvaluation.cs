using Sandbox.Worlds;

namespace Sandbox.Authorization;

/// <summary>IAM's evaluation logic for one request (authorization.md 2.1): explicit denies first, then who has to allow.</summary>
internal sealed class PolicyEvaluation(RequestContext context, Caller caller, PrincipalPolicies policies)
{
    /// <summary>The policy on the resource: a repository's, a role's trust policy; null when it has none.</summary>
    public Policy? ResourcePolicy { get; init; }

    public required bool IsSameAccount { get; init; }

    /// <summary>Trust policies must themselves allow the principal, even within one account.</summary>
    public bool NeedsResourcePolicy { get; init; }

    /// <summary>Null when allowed; otherwise which policy refuses, and whether by an explicit deny.</summary>
    public (PolicyKind Kind, bool IsExplicit)? Refusal()
    {
        if (Denying() is { } denying)
        {
            return (denying, true);
        }

        var named = Named();
        if (IsSameAccount && named is PrincipalMatch.Exact)
        {
            return null;
        }

        var isGranted = IsSameAccount && named is PrincipalMatch.Role;
        if (!isGranted && !policies.Identity.Any(Allows))
        {
            return (PolicyKind.Identity, false);
        }

        if ((!IsSameAccount || NeedsResourcePolicy) && named is PrincipalMatch.None)
        {
            return (PolicyKind.Resource, false);
        }

        return policies.Boundary is { } boundary && !Allows(boundary) ? (PolicyKind.Boundary, false)
            : policies.Session is { } session && !Allows(session) ? (PolicyKind.Session, false)
            : null;
    }

    private PolicyKind? Denying()
    {
        return policies.Identity.Any(Denies) ? PolicyKind.Identity
            : policies.Boundary is { } boundary && Denies(boundary) ? PolicyKind.Boundary
            : policies.Session is { } session && Denies(session) ? PolicyKind.Session
            : ResourcePolicy is { } resource && resource.Statements.Any(statement => !statement.Allows && IsAboutCaller(statement)) ? PolicyKind.Resource
            : null;
    }

    private bool IsAboutCaller(Statement statement) => Match(statement) is not PrincipalMatch.None && statement.IsAbout(context);

    /// <summary>The closest way in which an allowing statement of the resource's policy names the caller.</summary>
    private PrincipalMatch Named() =>
        (ResourcePolicy?.Statements ?? []).Where(statement => statement.Allows && statement.IsAbout(context)).Select(Match).DefaultIfEmpty(PrincipalMatch.None).Max();

    private PrincipalMatch Match(Statement statement)
    {
        var match = statement.Principals?.Match(caller) ?? PrincipalMatch.None;
        return !statement.IsNotPrincipal ? match : match is PrincipalMatch.None ? PrincipalMatch.Role : PrincipalMatch.None;
    }

    private bool Allows(Policy policy) => policy.Statements.Any(statement => statement.Allows && statement.IsAbout(context));

    private bool Denies(Policy policy) => policy.Statements.Any(statement => !statement.Allows && statement.IsAbout(context));
}
