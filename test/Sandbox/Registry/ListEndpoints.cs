using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sandbox.Ecr;

namespace Sandbox.Registry;

/// <summary>GET of a repository's tags and of an image's referrers.</summary>
internal sealed class ListEndpoints(RepositoryAccess access)
{
    // Unless asked for, 100 (genuinetools/reg#206); more than 1,000 is refused, not cut (go-containerregistry#681).
    private const int DefaultTags = 100;
    private const int MaximumTags = 1000;

    public async Task TagsAsync(RegistryCall call)
    {
        DemandGet(call);
        var repository = access.Open(call.Caller, call.Registry, call.Name, "ecr:ListImages");
        var count = Math.Min(CountOf(call.Request.Query["n"]), call.Habits.PageSize ?? int.MaxValue);
        var last = call.Request.Query["last"].ToString();
        var tags = repository.Images.SelectMany(image => image.Tags)
            .Where(tag => string.CompareOrdinal(tag, last) > 0).Order(StringComparer.Ordinal).Take(count + 1).ToList();
        if (tags.Count > count)
        {
            tags.RemoveAt(count);
            call.Response.Headers.Link = $"</v2/{call.Name}/tags/list?last={Uri.EscapeDataString(tags[^1])}&n={count.ToString(CultureInfo.InvariantCulture)}>; rel=\"next\"";
        }

        await WriteAsync(call, "application/json", new JsonObject { ["name"] = call.Name, ["tags"] = EcrJson.Array(tags.Select(tag => (JsonNode)tag)) });
    }

    /// <summary>An image that nothing refers to, or that is not there, has an empty index (OCI distribution spec, listing referrers).</summary>
    public async Task ReferrersAsync(RegistryCall call)
    {
        DemandGet(call);
        if (!call.Habits.KnowsReferrers)
        {
            throw RegistryErrors.Unsupported;
        }

        if (!Digests.IsValid(call.Reference))
        {
            throw RegistryErrors.BadDigest(call.Reference);
        }

        var repository = access.Open(call.Caller, call.Registry, call.Name, "ecr:BatchGetImage");
        var type = call.Request.Query["artifactType"].ToString();
        var found = repository.Images.Where(image => image.Document.Subject == call.Reference && (type.Length == 0 || image.Document.ArtifactType == type));
        if (type.Length > 0)
        {
            call.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        }

        await WriteAsync(call, ManifestDocument.OciIndex, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestDocument.OciIndex,
            ["manifests"] = EcrJson.Array(found.Select(ImageListOperations.Descriptor)),
        });
    }

    private static int CountOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return DefaultTags;
        }

        var valid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1;
        return valid && count <= MaximumTags ? count
            : throw EcrErrors.Invalid("maxResults", valid ? "Member must have value less than or equal to 1000" : "Member must have value greater than or equal to 1");
    }

    private static void DemandGet(RegistryCall call)
    {
        if (call.Request.Method != "GET")
        {
            throw RegistryErrors.Unsupported;
        }
    }

    private static Task WriteAsync(RegistryCall call, string mediaType, JsonObject body)
    {
        call.Response.ContentType = mediaType;
        return call.Response.WriteAsync(body.ToJsonString(), call.Token);
    }
}
