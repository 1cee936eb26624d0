using System.Text.Json.Nodes;

namespace EcsDeploy.Oci;

/// <summary>One image for one platform: its configuration and its layers (OCI image spec, manifest.md; Docker's schema 2 has the same shape).</summary>
internal sealed record ImageManifest
{
    public required string MediaType { get; init; }

    public required Descriptor Configuration { get; init; }

    /// <summary>Lowest first.</summary>
    public required IReadOnlyList<Descriptor> Layers { get; init; }

    public bool IsDocker => MediaType == MediaTypes.DockerManifest;

    public static bool Is(string? mediaType) => mediaType is MediaTypes.OciManifest or MediaTypes.DockerManifest;

    /// <summary>The media type is the one that the registry gave; the document's own, where it has one, wins.</summary>
    public static ImageManifest Parse(ReadOnlySpan<byte> bytes, string? mediaType = null)
    {
        var json = RawJson.ParseObject(bytes, "image manifest");
        var type = json.Text("mediaType") ?? (Is(mediaType) ? mediaType! : MediaTypes.OciManifest);
        if (!Is(type) || json["layers"] is not JsonArray layers)
        {
            throw new DocumentException($"The image manifest is of a kind that is not known here ('{type}'), or has no layers.");
        }

        return new ImageManifest
        {
            MediaType = type,
            Configuration = DescriptorJson.Read(json["config"], "image manifest"),
            Layers = [.. layers.Select(layer => DescriptorJson.Read(layer, "image manifest"))],
        };
    }

    public byte[] ToBytes() => RawJson.ToBytes(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaType,
        ["config"] = DescriptorJson.Write(Configuration),
        ["layers"] = new JsonArray([.. Layers.Select(layer => (JsonNode)DescriptorJson.Write(layer))]),
    });
}
