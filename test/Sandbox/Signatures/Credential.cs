using Sandbox.Worlds;

namespace Sandbox.Signatures;

/// <summary>Keys and whose they are.</summary>
internal sealed record Credential(AccessKeys Keys, Caller Caller);
