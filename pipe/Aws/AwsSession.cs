using EcsDeploy.Settings;

namespace EcsDeploy.Aws;

/// <summary>Credentials as they sign calls.</summary>
internal sealed record AwsSession
{
    public required AwsKeys Keys { get; init; }

    /// <summary>When they end; null for keys that do not, or of which nobody said.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Until when another session can be had (the token's end, the end of the session that took this role); null for as long as wanted.</summary>
    public DateTimeOffset? RenewableUntil { get; init; }

    /// <summary>Whom AWS sees: the assumed role's ARN, or a user's; null where it was not asked.</summary>
    public string? Arn { get; init; }
}
