namespace Sandbox.Registry;

/// <summary>The account and region whose registry a request addresses.</summary>
public readonly record struct RegistryAddress(string AccountId, string Region);
