using EcsDeploy.Names;

namespace EcsDeploy.Oci;

/// <summary>Points at content by its digest (OCI image spec, descriptor.md).</summary>
internal sealed record Descriptor
{
    /// <summary>The annotation that says a layer's digest before compression: containerd's name for it.</summary>
    public const string UncompressedAnnotation = "containerd.io/uncompressed";

    public required string MediaType { get; init; }

    public required Digest Digest { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>In an index: what the child runs on; null elsewhere.</summary>
    public Platform? Platform { get; init; }

    /// <summary>In an index: what the child is said to run on, be it a platform known here or not ("linux/s390x"); null where it is not said.</summary>
    public string? RunsOn { get; init; }

    /// <summary>In an index: which processors of the platform the child needs ("v3" for amd64); null where it says nothing.</summary>
    public string? Variant { get; init; }
}
