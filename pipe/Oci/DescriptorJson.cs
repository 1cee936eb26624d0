using System.Text.Json.Nodes;
using EcsDeploy.Names;

namespace EcsDeploy.Oci;

/// <summary>Descriptors as they stand in manifests and indexes.</summary>
internal static class DescriptorJson
{
    public static Descriptor Read(JsonNode? node, string document)
    {
        if (node is not JsonObject json
            || json.Text("mediaType") is not { } mediaType
            || !Digest.TryParse(json.Text("digest"), out var digest)
            || json["size"] is not JsonValue number || !number.TryGetValue<long>(out var size) || size < 0)
        {
            throw new DocumentException($"The {document} has a descriptor without media type, size or a digest that is {Digest.Rule}.");
        }

        return new Descriptor
        {
            MediaType = mediaType,
            Digest = digest,
            Size = size,
            Annotations = json.TextMap("annotations"),
            Platform = Platform.TryParse(RunsOn(json["platform"] as JsonObject), out var platform) ? platform : null,
            RunsOn = RunsOn(json["platform"] as JsonObject),
            Variant = (json["platform"] as JsonObject)?.Text("variant"),
        };
    }

    public static JsonObject Write(Descriptor descriptor)
    {
        var json = new JsonObject
        {
            ["mediaType"] = descriptor.MediaType,
            ["digest"] = descriptor.Digest.Text,
            ["size"] = descriptor.Size,
        };
        if (descriptor.Annotations.Count > 0)
        {
            json["annotations"] = WriteAnnotations(descriptor.Annotations);
        }

        if (descriptor.Platform is { } platform)
        {
            json["platform"] = new JsonObject { ["architecture"] = platform.Architecture, ["os"] = "linux" };
        }

        return json;
    }

    private static JsonObject WriteAnnotations(IReadOnlyDictionary<string, string> annotations)
    {
        var json = new JsonObject();
        foreach (var (key, value) in annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json[key] = value;
        }

        return json;
    }

    // Buildx lists attestations as unknown/unknown and Windows has its own children: both are no platform of ours.
    private static string? RunsOn(JsonObject? json) =>
        json?.Text("os") is { } system && json.Text("architecture") is { } architecture ? $"{system}/{architecture}" : null;
}
