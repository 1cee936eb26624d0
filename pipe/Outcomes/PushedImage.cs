using EcsDeploy.Names;

namespace EcsDeploy.Outcomes;

/// <summary>An image that is in the registry: what gets deployed.</summary>
internal sealed record PushedImage
{
    public required EcrRepository Repository { get; init; }

    /// <summary>Of the manifest, or of the index with more than one platform.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The images that ECS can run, when <see cref="Digest"/> is an index; empty otherwise.</summary>
    public IReadOnlyList<Digest> Children { get; init; } = [];

    /// <summary>The tags that now stand on the digest because of this run.</summary>
    public IReadOnlyList<ImageTag> Tags { get; init; } = [];

    /// <summary>Bytes of the blobs that this run sent; 0 when all was there.</summary>
    public long SentBytes { get; init; }

    /// <summary>It was there, and this run only looks at it or tags it: a promotion's.</summary>
    public bool IsFound { get; init; }

    /// <summary>What the image is made of, platform by platform, lowest layer first; empty where that is not known.</summary>
    public IReadOnlyList<PushedLayer> Layers { get; init; } = [];

    /// <summary>What the app was laid upon, by digest, one a platform; empty where that is not known.</summary>
    public IReadOnlyList<string> BaseImages { get; init; } = [];

    /// <summary>What its containers start when nobody says otherwise; null where that is not known.</summary>
    public IReadOnlyList<string>? EntryPoint { get; init; }

    /// <summary>What stands in a task definition: <c>repository@sha256:…</c>.</summary>
    public string Reference => $"{Repository.Address}@{Digest}";
}
