using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Registry;

/// <summary>A manifest or an index, byte for byte as the registry keeps it.</summary>
internal sealed record ManifestDocument(string MediaType, byte[] Content)
{
    public Digest Digest { get; } = Digest.Of(Content);

    public bool IsIndex => MediaType is MediaTypes.OciIndex or MediaTypes.DockerManifestList;
}
