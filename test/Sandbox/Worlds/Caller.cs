namespace Sandbox.Worlds;

/// <summary>Who makes a call: a user, or a session of a role.</summary>
public sealed record Caller
{
    public required string AccountId { get; init; }

    /// <summary>As AWS prints it: <c>arn:aws:sts::A:assumed-role/name/session</c> or <c>arn:aws:iam::A:user/name</c>.</summary>
    public required string Arn { get; init; }

    /// <summary>The role behind a session; null for a user.</summary>
    public string? RoleArn { get; init; }

    /// <summary>An inline session policy as JSON text; null when none was passed.</summary>
    public string? SessionPolicy { get; init; }

    /// <summary>When the credentials end; null for a user's long-lived keys.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Condition keys that the session carries (<c>issuer:aud</c>, <c>issuer:sub</c>, <c>aws:PrincipalTag/…</c>).</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();
}
