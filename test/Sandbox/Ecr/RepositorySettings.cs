namespace Sandbox.Ecr;

/// <summary>What can be set on a repository; a change replaces the whole record.</summary>
public sealed record RepositorySettings
{
    public TagMutability Mutability { get; init; } = TagMutability.Mutable;

    public bool ScansOnPush { get; init; }

    /// <summary>AES256, KMS or KMS_DSSE; fixed at creation.</summary>
    public string EncryptionType { get; init; } = "AES256";

    /// <summary>The ARN or id of the key; null for AES256.</summary>
    public string? KmsKey { get; init; }

    /// <summary>The repository policy as JSON text; null when none is set.</summary>
    public string? Policy { get; init; }

    /// <summary>The lifecycle policy as JSON text; null when none is set.</summary>
    public string? LifecyclePolicy { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>True for a repository that a pull-through cache filled: its layers are never mounted elsewhere.</summary>
    public bool IsPullThroughCache { get; init; }
}
