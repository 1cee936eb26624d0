using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>The two documents that make blobs an image.</summary>
internal sealed record ImageDocuments
{
    public required ReadOnlyMemory<byte> Configuration { get; init; }

    public required ReadOnlyMemory<byte> Manifest { get; init; }

    /// <summary>What the manifest says, the configuration's descriptor and all layers included.</summary>
    public required ImageManifest Content { get; init; }

    /// <summary>Points at the manifest; says its platform, so that it can stand in an index.</summary>
    public required Descriptor Descriptor { get; init; }

    public Digest Digest => Descriptor.Digest;
}
