namespace Sandbox.Authorization;

/// <summary>The kinds of policies that are held against a request.</summary>
internal enum PolicyKind
{
    Identity,
    Boundary,
    Session,
    Resource,
}

/// <summary>How AWS words a refusal (authorization.md 2.3).</summary>
internal static class Wording
{
    public static string Subject(string arn, string action, string resource) => $"User: {arn} is not authorized to perform: {action} on resource: {resource}";

    public static string Denied(PolicyKind kind)
    {
        return kind switch
        {
            PolicyKind.Boundary => " with an explicit deny in a permissions boundary",

            // The odd plural is AWS's.
            PolicyKind.Session => " with an explicit deny in a sessions policy",
            PolicyKind.Resource => " with an explicit deny in a resource-based policy",
            _ => " with an explicit deny in an identity-based policy",
        };
    }

    public static string Silent(PolicyKind kind, string action)
    {
        var name = kind switch
        {
            PolicyKind.Boundary => "permissions boundary",
            PolicyKind.Session => "session policy",
            PolicyKind.Resource => "resource-based policy",
            _ => "identity-based policy",
        };
        return $" because no {name} allows the {action} action";
    }
}
