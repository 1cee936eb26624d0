using System.Text.Json.Nodes;

namespace Sandbox.Ecr;

/// <summary>An image as a request names it: by digest, by tag or by both.</summary>
internal sealed record ImageId(string? Digest, string? Tag)
{
    public static ImageId From(JsonNode? node) => new(Input.Text(node, "imageDigest"), Input.Text(node, "imageTag"));

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Digest is not null)
        {
            json["imageDigest"] = Digest;
        }

        if (Tag is not null)
        {
            json["imageTag"] = Tag;
        }

        return json;
    }

    /// <summary>As ECR prints it in messages.</summary>
    public override string ToString() => $"{{imageDigest:'{Digest ?? "null"}', imageTag:'{Tag ?? "null"}'}}";
}
