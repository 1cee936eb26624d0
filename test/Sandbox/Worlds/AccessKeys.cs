namespace Sandbox.Worlds;

/// <summary>What a client signs with: a user's long-lived pair of keys, or a session's keys with their token.</summary>
public sealed record AccessKeys(string AccessKeyId, string SecretAccessKey, string? SessionToken);
