using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>A layer of the app as it is, or will be, in the registry.</summary>
internal sealed record ImageLayer
{
    public ImageLayer(LayerKind kind, Digest diffId, Descriptor descriptor)
    {
        Kind = kind;
        DiffId = diffId;
        Descriptor = descriptor with
        {
            Annotations = new Dictionary<string, string>(descriptor.Annotations) { [Descriptor.UncompressedAnnotation] = diffId.Text },
        };
    }

    public LayerKind Kind { get; }

    /// <summary>The digest before compression.</summary>
    public Digest DiffId { get; }

    /// <summary>Of the compressed blob, with <see cref="DiffId"/> as annotation.</summary>
    public Descriptor Descriptor { get; }
}
