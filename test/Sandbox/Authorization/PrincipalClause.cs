using System.Text.Json.Nodes;
using Sandbox.Worlds;

namespace Sandbox.Authorization;

/// <summary>How closely a policy names a caller; the closer, the more the policy grants by itself (authorization.md 2.1).</summary>
internal enum PrincipalMatch
{
    None,

    /// <summary>Its account only: the account may delegate, nothing is granted yet within it.</summary>
    Account,

    /// <summary>Its role, or everybody: granted, but limited by boundary and session policy.</summary>
    Role,

    /// <summary>The user or the session itself.</summary>
    Exact,
}

/// <summary>Whom a statement of a resource or trust policy is about.</summary>
internal sealed record PrincipalClause
{
    public bool IsEveryone { get; init; }

    public IReadOnlyList<string> Aws { get; init; } = [];

    public IReadOnlyList<string> Services { get; init; } = [];

    public IReadOnlyList<string> Federated { get; init; } = [];

    public static PrincipalClause Read(JsonNode node)
    {
        if (node is JsonValue text && text.TryGetValue<string>(out var everyone) && everyone is "*")
        {
            return new PrincipalClause { IsEveryone = true };
        }

        if (node is not JsonObject kinds || kinds.Any(kind => kind.Key is not ("AWS" or "Service" or "Federated" or "CanonicalUser")))
        {
            throw new FormatException("A Principal is neither \"*\" nor an object with AWS, Service or Federated.");
        }

        var clause = new PrincipalClause { Aws = Of(kinds, "AWS"), Services = Of(kinds, "Service"), Federated = Of(kinds, "Federated") };
        foreach (var arn in clause.Aws.Where(arn => arn is not "*" && arn.Contains('*', StringComparison.Ordinal)))
        {
            // A wildcard stands for everyone or not at all: authorization.md 2.1, "role ARN in a Principal".
            throw new FormatException($"The principal '{arn}' has a wildcard.");
        }

        return clause with { IsEveryone = clause.Aws.Contains("*") };
    }

    public PrincipalMatch Match(Caller caller)
    {
        return Aws.Contains(caller.Arn) ? PrincipalMatch.Exact
            : IsEveryone || (caller.RoleArn is { } role && Aws.Contains(role)) ? PrincipalMatch.Role
            : Aws.Contains(caller.AccountId) || Aws.Contains($"arn:{caller.Arn.Split(':')[1]}:iam::{caller.AccountId}:root") ? PrincipalMatch.Account
            : PrincipalMatch.None;
    }

    private static IReadOnlyList<string> Of(JsonObject kinds, string kind) => kinds.ContainsKey(kind) ? Statement.Texts(kinds[kind], kind) : [];
}
