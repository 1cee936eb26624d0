namespace Sandbox.Bitbucket;

/// <summary>What a step's OIDC token should say; as it stands, what Bitbucket puts into one for a deployment to dev.</summary>
public sealed record OidcTokenRequest
{
    /// <summary>The deployment environment by name; null for a step that deploys nowhere, whose subject has no such part.</summary>
    public string? Environment { get; init; } = "dev";

    /// <summary>Null means the workspace's own audience, as a text; audiences that a step asked for come as a list, even a single one.</summary>
    public IReadOnlyList<string>? Audiences { get; init; }

    /// <summary>Negative for a token that has already expired.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long ago the token was issued.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Null means the workspace's repository.</summary>
    public string? RepositoryUuid { get; init; }

    public string StepUuid { get; init; } = "{55555555-6666-7777-8888-999999999999}";

    public string Branch { get; init; } = "main";

    /// <summary>Null means the workspace's issuer.</summary>
    public string? Issuer { get; init; }

    /// <summary>Signed with a key that the issuer does not publish, under the name of one that it does.</summary>
    public bool IsForged { get; init; }
}
