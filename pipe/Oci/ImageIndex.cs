using System.Text.Json.Nodes;
using EcsDeploy.Names;

namespace EcsDeploy.Oci;

/// <summary>One image for several platforms: a list of manifests (OCI image spec, image-index.md; Docker's manifest list has the same shape).</summary>
internal sealed record ImageIndex
{
    public required string MediaType { get; init; }

    public required IReadOnlyList<Descriptor> Manifests { get; init; }

    /// <summary>Those that ECS can run: neither attestations nor what is for another platform. Where none is said, the configuration says it, so these come last.</summary>
    public IReadOnlyList<Digest> Images =>
        [.. Manifests.Where(child => child.Platform is not null || child.RunsOn is null).OrderBy(child => child.Platform is null).Select(child => child.Digest).Distinct()];

    public static bool Is(string? mediaType) => mediaType is MediaTypes.OciIndex or MediaTypes.DockerManifestList;

    public static ImageIndex Parse(ReadOnlySpan<byte> bytes, string? mediaType = null)
    {
        var json = RawJson.ParseObject(bytes, "image index");
        var type = json.Text("mediaType") ?? (Is(mediaType) ? mediaType! : MediaTypes.OciIndex);
        if (!Is(type) || json["manifests"] is not JsonArray manifests)
        {
            throw new DocumentException($"The image index is of a kind that is not known here ('{type}'), or lists no manifests.");
        }

        return new ImageIndex
        {
            MediaType = type,
            Manifests = [.. manifests.Select(manifest => DescriptorJson.Read(manifest, "image index"))],
        };
    }

    /// <summary>An index of these images; each must say its platform.</summary>
    public static ImageIndex Of(IReadOnlyList<Descriptor> images) => new()
    {
        MediaType = images.All(image => image.MediaType == MediaTypes.DockerManifest) ? MediaTypes.DockerManifestList : MediaTypes.OciIndex,
        Manifests = images,
    };

    /// <summary>The child for every processor of the platform, where there is one: a variant may need what the machine has not.</summary>
    public Descriptor? Find(Platform platform) => Manifests.Where(manifest => manifest.Platform == platform)
        .OrderBy(manifest => manifest.Variant is not (null or "v1" or "v8"))
        .FirstOrDefault();

    public byte[] ToBytes() => RawJson.ToBytes(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaType,
        ["manifests"] = new JsonArray([.. Manifests.Select(manifest => (JsonNode)DescriptorJson.Write(manifest))]),
    });
}
