using System.Text.Json.Nodes;
using EcsDeploy.Outcomes;

namespace EcsDeploy.Reporting;

/// <summary>Where an image came from: its base, its layers with what is in them, what was sent and what was there.</summary>
internal static class ImageRecord
{
    public static JsonObject Of(PushedImage image) => new()
    {
        ["image"] = image.Reference,
        ["digest"] = image.Digest.Text,
        ["children"] = Texts(image.Children.Select(child => child.Text)),
        ["tags"] = Texts(image.Tags.Select(tag => tag.Text)),
        ["baseImages"] = Texts(image.BaseImages),
        ["sentBytes"] = image.SentBytes,
        ["layers"] = new JsonArray([.. image.Layers.Select(Of)]),
    };

    private static JsonObject Of(PushedLayer layer) => new()
    {
        ["platform"] = layer.Platform.ToString(),
        ["holds"] = layer.Holds,
        ["digest"] = layer.Digest.Text,
        ["size"] = layer.Size,
        ["origin"] = layer.Origin.ToString().ToLowerInvariant(),
        ["files"] = Texts(layer.Files),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
