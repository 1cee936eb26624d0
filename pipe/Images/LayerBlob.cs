namespace EcsDeploy.Images;

/// <summary>A compressed layer that is ready to be sent, as often as it takes.</summary>
internal sealed class LayerBlob(ImageLayer layer, Spool content) : IDisposable
{
    /// <summary>Its media type, digest and size, and the digest before compression.</summary>
    public ImageLayer Layer => layer;

    /// <summary>A new stream from the beginning.</summary>
    public Stream OpenRead() => content.OpenRead();

    public void Dispose() => content.Dispose();
}
