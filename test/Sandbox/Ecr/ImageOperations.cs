using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>Images by name: get, put, delete.</summary>
internal sealed class ImageOperations(RepositoryAccess access)
{
    private const int MaximumManifest = 4_194_304;
    private const int MaximumIds = 100;

    public Dictionary<string, Func<ApiCall, JsonObject>> All => new()
    {
        ["BatchGetImage"] = BatchGet,
        ["BatchDeleteImage"] = BatchDelete,
        ["PutImage"] = Put,
    };

    /// <summary>The ids of a batch call.</summary>
    public static IReadOnlyList<ImageId> Ids(ApiCall call)
    {
        var ids = Input.List(call.Input, "imageIds").Select(ImageId.From).ToList();
        return ids.Count <= MaximumIds ? ids : throw EcrErrors.Invalid("imageIds", "Member must have length less than or equal to 100");
    }

    private JsonObject BatchGet(ApiCall call)
    {
        var repository = access.Open(call);
        var accepted = Input.Texts(call.Input, "acceptedMediaTypes");
        var (images, failures) = (new JsonArray(), new JsonArray());
        foreach (var id in Ids(call))
        {
            if (FaultOf(id) is { } fault)
            {
                failures.Add((JsonNode)Failure(id, fault.Code, fault.Reason));
                continue;
            }

            var image = repository.Find(id.Tag ?? id.Digest!);
            if (image is null || (accepted.Count > 0 && !accepted.Contains(image.Document.MediaType, StringComparer.Ordinal)))
            {
                failures.Add((JsonNode)Failure(id, "ImageNotFound", "Requested image not found"));
            }
            else if (id.Digest is not null && id.Digest != image.Digest)
            {
                failures.Add((JsonNode)Failure(id, "ImageTagDoesNotMatchDigest", "Requested tag does not match the digest"));
            }
            else
            {
                images.Add((JsonNode)Image(repository, image.Document, id.Tag));
            }
        }

        return new JsonObject { ["images"] = images, ["failures"] = failures };
    }

    private JsonObject BatchDelete(ApiCall call)
    {
        var repository = access.Open(call);
        var (deleted, failures) = (new JsonArray(), new JsonArray());
        foreach (var id in Ids(call))
        {
            if (FaultOf(id) is { } fault)
            {
                failures.Add((JsonNode)Failure(id, fault.Code, fault.Reason));
                continue;
            }

            var image = repository.Find(id.Tag ?? id.Digest!);
            var parents = image is null || (id.Tag is not null && image.Tags.Count > 1)
                ? []
                : repository.Images.Where(other => other.Document.Children.Any(child => child.Digest == image.Digest)).Select(other => other.Digest).ToList();
            if (image is null || (id.Digest is not null && id.Digest != image.Digest))
            {
                failures.Add((JsonNode)Failure(id, image is null ? "ImageNotFound" : "ImageTagDoesNotMatchDigest", "Requested image not found"));
            }
            else if (parents.Count > 0)
            {
                failures.Add((JsonNode)Failure(id, "ImageReferencedByManifestList", $"Requested image referenced by manifest list: [{string.Join(", ", parents)}]"));
            }
            else
            {
                Delete(repository, image, id.Tag, deleted);
            }
        }

        return new JsonObject { ["imageIds"] = deleted, ["failures"] = failures };
    }

    private static void Delete(Repository repository, StoredImage image, string? tag, JsonArray deleted)
    {
        IEnumerable<string?> tags = tag is not null ? [tag] : image.Tags.IsEmpty ? [null] : [.. image.Tags];
        foreach (var removed in tags)
        {
            deleted.Add((JsonNode)new ImageId(image.Digest, removed).ToJson());
        }

        if (tag is null)
        {
            repository.Remove(image);
        }
        else
        {
            repository.RemoveTag(tag);
        }
    }

    private JsonObject Put(ApiCall call)
    {
        var repository = access.Open(call);
        var content = Encoding.UTF8.GetBytes(Input.RequiredText(call.Input, "imageManifest"));
        var tag = Input.Text(call.Input, "imageTag");
        if (content.Length > MaximumManifest)
        {
            throw EcrErrors.Invalid("imageManifest", "Member must have length less than or equal to 4194304");
        }

        if (tag is not null && !Digests.IsTag(tag))
        {
            throw EcrErrors.Invalid("imageTag", "must satisfy regular expression '[a-zA-Z0-9-_.]+'");
        }

        var document = ManifestDocument.Parse(content, Input.Text(call.Input, "imageManifestMediaType"));
        if (Input.Text(call.Input, "imageDigest") is { } digest && digest != document.Digest)
        {
            throw EcrErrors.DigestMismatch(repository, digest);
        }

        return repository.Put(document, tag)
            ? new JsonObject { ["image"] = Image(repository, document, tag) }
            : throw EcrErrors.ImageExists(repository, document.Digest, tag);
    }

    private static (string Code, string Reason)? FaultOf(ImageId id) => id switch
    {
        (null, null) => ("MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null"),
        ({ } digest, _) when !Digests.IsValid(digest) =>
            ("InvalidImageDigest", "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"),
        (_, { } tag) when !Digests.IsTag(tag) => ("InvalidImageTag", "Invalid request parameters: image tag should satisfy the regex '[a-zA-Z0-9-_.]+'"),
        _ => null,
    };

    private static JsonObject Failure(ImageId id, string code, string reason) =>
        new() { ["imageId"] = id.ToJson(), ["failureCode"] = code, ["failureReason"] = reason };

    private static JsonObject Image(Repository repository, ManifestDocument document, string? tag)
    {
        var json = EcrJson.About(repository);
        json["imageId"] = new ImageId(document.Digest, tag).ToJson();
        json["imageManifest"] = Encoding.UTF8.GetString(document.Content);
        json["imageManifestMediaType"] = document.MediaType;
        return json;
    }
}
