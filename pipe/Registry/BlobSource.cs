using EcsDeploy.Oci;

namespace EcsDeploy.Registry;

/// <summary>A blob that can be sent, and sent again: its bytes are opened anew for every try.</summary>
/// <param name="Descriptor">Digest and size, known beforehand.</param>
/// <param name="OpenAsync">The bytes from the start; the sender disposes the stream.</param>
internal sealed record BlobSource(Descriptor Descriptor, Func<CancellationToken, Task<Stream>> OpenAsync)
{
    /// <summary>A repository of the same registry that has the blob, to be mounted from; null for none.</summary>
    public string? MountFrom { get; init; }

    public static BlobSource Of(Descriptor descriptor, byte[] content) =>
        new(descriptor, _ => Task.FromResult<Stream>(new MemoryStream(content, writable: false)));
}
