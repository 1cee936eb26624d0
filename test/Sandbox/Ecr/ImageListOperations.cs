using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>Lists of images: describe, list, referrers, replication.</summary>
internal sealed class ImageListOperations(RepositoryAccess access)
{
    public Dictionary<string, Func<ApiCall, JsonObject>> All => new()
    {
        ["DescribeImages"] = Describe,
        ["ListImages"] = List,
        ["ListImageReferrers"] = Referrers,
        ["DescribeImageReplicationStatus"] = Replication,
    };

    private PageSize Usual => PageSize.Usual(access.Registries.Habits);

    private JsonObject Describe(ApiCall call)
    {
        var repository = access.Open(call);
        var ids = ImageOperations.Ids(call);
        var answer = new JsonObject();
        IEnumerable<StoredImage> images;
        if (ids.Count > 0)
        {
            Page.DemandNone(call, "imageIds");

            // An unknown id is an error here, unlike in BatchGetImage.
            images = ids.Select(id => Get(repository, id)).DistinctBy(image => image.Digest);
        }
        else
        {
            images = Page.Of(call, answer, repository.Images.Where(Filter(call)), image => image.Digest, Usual);
        }

        answer["imageDetails"] = EcrJson.Array([.. images.Select(image => EcrJson.Describe(image, repository))]);
        return answer;
    }

    /// <summary>One entry per tag, and one per untagged image.</summary>
    private JsonObject List(ApiCall call)
    {
        var repository = access.Open(call);
        var answer = new JsonObject();
        var ids = repository.Images.Where(Filter(call))
            .SelectMany(image => image.Tags.IsEmpty ? [new ImageId(image.Digest, null)] : image.Tags.Select(tag => new ImageId(image.Digest, tag)));
        var page = Page.Of(call, answer, ids, id => $"{id.Digest} {id.Tag}", Usual);
        answer["imageIds"] = EcrJson.Array(page.Select(id => id.ToJson()));
        return answer;
    }

    /// <summary>There is no IAM action of that name: the call needs ecr:BatchGetImage (API ListImageReferrers). 20 unless asked for, at most 50.</summary>
    private JsonObject Referrers(ApiCall call)
    {
        var repository = access.Open(call, "ecr:BatchGetImage");
        var subject = Input.RequiredText(call.Input["subjectId"], "imageDigest");
        var types = Input.Texts(call.Input["filter"], "artifactTypes");
        var answer = new JsonObject();
        var found = repository.Images.Where(image => image.Document.Subject == subject && (types.Count == 0 || types.Contains(image.Document.ArtifactType)));
        var page = Page.Of(call, answer, found, image => image.Digest, new PageSize(20, 50, access.Registries.Habits.PageSize));
        answer["referrers"] = EcrJson.Array(page.Select(Referrer));
        return answer;
    }

    private static JsonObject Referrer(StoredImage image)
    {
        var json = Descriptor(image);
        json["artifactStatus"] = "ACTIVE";
        return json;
    }

    /// <summary>As the distribution spec's referrers API names an artifact too.</summary>
    public static JsonObject Descriptor(StoredImage image)
    {
        var json = new JsonObject { ["mediaType"] = image.Document.MediaType, ["digest"] = image.Digest, ["size"] = image.Document.Content.Length };
        if (image.Document.ArtifactType is { } type)
        {
            json["artifactType"] = type;
        }

        if (image.Document.Annotations is { } annotations)
        {
            json["annotations"] = annotations.DeepClone();
        }

        return json;
    }

    private JsonObject Replication(ApiCall call)
    {
        var repository = access.Open(call);
        var id = ImageId.From(call.Input["imageId"]);
        var image = Get(repository, id);
        var age = access.Registries.Clock.GetUtcNow() - image.PushedAt;
        var answer = new JsonObject { ["repositoryName"] = repository.Name, ["imageId"] = id.ToJson() };
        answer["replicationStatuses"] = EcrJson.Array(repository.Registry.Replication.Select(destination =>
        {
            var status = new JsonObject { ["region"] = destination.Region, ["registryId"] = destination.RegistryId };
            status["status"] = age < destination.Takes ? "IN_PROGRESS" : destination.FailureCode is null ? "COMPLETE" : "FAILED";
            if (destination.FailureCode is not null && age >= destination.Takes)
            {
                status["failureCode"] = destination.FailureCode;
            }

            return status;
        }));
        return answer;
    }

    /// <summary>The image of an id, or ImageNotFoundException.</summary>
    public static StoredImage Get(Repository repository, ImageId id)
    {
        var image = repository.Find(id.Tag ?? id.Digest ?? throw EcrErrors.Invalid("imageId", "both tag and digest cannot be null"));
        return image is not null && (id.Digest is null || id.Digest == image.Digest) ? image : throw EcrErrors.ImageNotFound(repository, id);
    }

    private static Func<StoredImage, bool> Filter(ApiCall call)
    {
        var status = Input.Text(call.Input["filter"], "tagStatus") ?? "ANY";
        var active = Input.Text(call.Input["filter"], "imageStatus") is null or "ACTIVE" or "ANY";
        return image => active && (status == "ANY" || image.Tags.IsEmpty == (status == "UNTAGGED"));
    }
}
