using System.Collections.Immutable;

namespace Sandbox.Ecr;

/// <summary>An image in a repository: a manifest or index with the tags that point at it now.</summary>
public sealed class StoredImage
{
    internal StoredImage(ManifestDocument document, DateTimeOffset pushedAt) => (Document, PushedAt) = (document, pushedAt);

    public ManifestDocument Document { get; }

    public string Digest => Document.Digest;

    public DateTimeOffset PushedAt { get; }

    /// <summary>Ordered; empty for an untagged image.</summary>
    public ImmutableSortedSet<string> Tags { get; internal set; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Null until it is pulled.</summary>
    internal DateTimeOffset? LastPulledAt { get; set; }

    /// <summary>When its last scan began; null when it was never scanned.</summary>
    internal DateTimeOffset? ScanStartedAt { get; set; }
}
