using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>Layers of a repository: which are there, and where to read them.</summary>
internal sealed class LayerOperations(RepositoryAccess access, DownloadLinks links)
{
    private const int MaximumDigests = 100;

    public Dictionary<string, Func<ApiCall, JsonObject>> All => new()
    {
        ["BatchCheckLayerAvailability"] = Check,
        ["GetDownloadUrlForLayer"] = GetUrl,
    };

    /// <summary>A layer that may be read: one that an image of the repository names.</summary>
    public static StoredLayer Readable(Repository repository, string digest)
    {
        var layer = repository.FindLayer(digest) ?? throw EcrErrors.LayerMissing(repository, digest);
        return layer.IsReferenced ? layer : throw EcrErrors.LayerInaccessible(digest);
    }

    /// <summary>An unknown digest is UNAVAILABLE; failures are only for what is no digest.</summary>
    private JsonObject Check(ApiCall call)
    {
        var repository = access.Open(call);
        var digests = Input.Texts(call.Input, "layerDigests");
        if (digests.Count is 0 or > MaximumDigests)
        {
            throw EcrErrors.Invalid("layerDigests", "must be 1 to 100 digests");
        }

        var (layers, failures) = (new JsonArray(), new JsonArray());
        foreach (var digest in digests)
        {
            if (!Digests.IsValid(digest))
            {
                failures.Add((JsonNode)new JsonObject
                {
                    ["layerDigest"] = digest,
                    ["failureCode"] = digest.Length == 0 ? "MissingLayerDigest" : "InvalidLayerDigest",
                    ["failureReason"] = "Invalid layer digest",
                });
                continue;
            }

            var layer = repository.FindLayer(digest);
            var json = new JsonObject { ["layerDigest"] = digest, ["layerAvailability"] = layer is null ? "UNAVAILABLE" : "AVAILABLE" };
            if (layer is not null)
            {
                json["layerSize"] = layer.Size;
            }

            layers.Add((JsonNode)json);
        }

        return new JsonObject { ["layers"] = layers, ["failures"] = failures };
    }

    private JsonObject GetUrl(ApiCall call)
    {
        var repository = access.Open(call);
        var digest = Input.RequiredText(call.Input, "layerDigest");
        Readable(repository, digest);
        return new JsonObject { ["downloadUrl"] = links.Make(digest).AbsoluteUri, ["layerDigest"] = digest };
    }
}
