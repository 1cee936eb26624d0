using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>A manifest or an index as it was pushed, and what it points at (OCI image spec; Docker image manifest v2, schema 2).</summary>
public sealed record ManifestDocument
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public required byte[] Content { get; init; }

    public required string Digest { get; init; }

    public required string MediaType { get; init; }

    /// <summary>Null for an index.</summary>
    public BlobReference? Configuration { get; init; }

    /// <summary>From base to top; empty for an index.</summary>
    public IReadOnlyList<BlobReference> Layers { get; init; } = [];

    /// <summary>The manifests of an index; empty otherwise.</summary>
    public IReadOnlyList<BlobReference> Children { get; init; } = [];

    /// <summary>The digest that this artifact is about; null for ordinary images.</summary>
    public string? Subject { get; init; }

    public string? ArtifactType { get; init; }

    public JsonObject? Annotations { get; init; }

    public bool IsIndex => MediaType is OciIndex or DockerList;

    /// <summary>Configuration and layers.</summary>
    public IEnumerable<BlobReference> Blobs => Configuration is null ? Layers : Layers.Prepend(Configuration);

    /// <summary>
    /// ECR answers every manifest that it cannot read in one way (containers/image#584, aws-ecr-orb#393, apko#450), also one whose media type
    /// stands neither in itself nor in the request (API PutImage).
    /// </summary>
    public static ManifestDocument Parse(byte[] content, string? mediaType)
    {
        try
        {
            var root = JsonNode.Parse(content, documentOptions: Strict) as JsonObject ?? throw new FormatException();
            var type = TypeOf(root, mediaType);
            var document = new ManifestDocument
            {
                Content = content,
                Digest = Digests.Of(content),
                MediaType = type,
                Subject = root["subject"] is { } subject ? BlobReference.Of(subject).Digest : null,
                ArtifactType = (string?)root["artifactType"] ?? (string?)root["config"]?["mediaType"],
                Annotations = root["annotations"]?.AsObject(),
            };
            return document.IsIndex
                ? document with { Children = References(root["manifests"]) }
                : document with { Configuration = BlobReference.Of(root["config"]), Layers = References(root["layers"]) };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new ApiException("InvalidParameterException", EcrErrors.Constraint("ImageManifest", "Invalid JSON syntax"));
        }
    }

    private static string TypeOf(JsonObject root, string? requested)
    {
        var type = (string?)root["mediaType"] ?? requested;
        var known = type is OciManifest or OciIndex or DockerManifest or DockerList;
        var agrees = requested is null || requested == type;
        return known && agrees && (int?)root["schemaVersion"] == 2 ? type! : throw new FormatException();
    }

    private static BlobReference[] References(JsonNode? list) => [.. (list as JsonArray ?? throw new FormatException()).Select(BlobReference.Of)];
}

/// <summary>A descriptor inside a manifest. The platform stands in an index only; foreign layers lie elsewhere and are never pushed.</summary>
public sealed record BlobReference(string Digest, string MediaType, long Size, string? Platform, bool IsForeign)
{
    // Far beyond ECR's largest layer (52,000 MiB), and small enough for sums.
    private const long MaximumSize = 1L << 50;

    internal static BlobReference Of(JsonNode? node)
    {
        var digest = (string?)node?["digest"];
        var size = (long?)node?["size"];
        if (!Digests.IsValid(digest) || size is null or < 0 or > MaximumSize)
        {
            throw new FormatException();
        }

        var platform = node!["platform"] is JsonObject p ? $"{(string?)p["os"]}/{(string?)p["architecture"]}" : null;
        return new(digest!, (string?)node["mediaType"] ?? throw new FormatException(), size.Value, platform, node["urls"] is JsonArray { Count: > 0 });
    }
}
