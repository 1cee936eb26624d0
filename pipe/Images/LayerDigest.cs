using EcsDeploy.Names;

namespace EcsDeploy.Images;

/// <summary>A layer before compression: the digest that tells whether a registry has it, and its bytes.</summary>
internal sealed record LayerDigest(Digest DiffId, long Size);
