using System.Text.Json.Nodes;

namespace Sandbox.Ecr;

/// <summary>ECR's answers as JSON 1.1 writes them.</summary>
internal static class EcrJson
{
    /// <summary>Seconds since 1970, with milliseconds.</summary>
    public static double Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000d;

    /// <summary>The members with which most answers about a repository begin.</summary>
    public static JsonObject About(Repository repository) => new()
    {
        ["registryId"] = repository.Registry.AccountId,
        ["repositoryName"] = repository.Name,
    };

    public static JsonArray Array(IEnumerable<JsonNode> items) => new([.. items]);

    public static JsonArray Filters(TagMutability mutability) =>
        Array(mutability.Exclusions.Select(filter => new JsonObject { ["filterType"] = "WILDCARD", ["filter"] = filter }));

    public static JsonObject Describe(Repository repository)
    {
        var settings = repository.Settings;
        var json = About(repository);
        json["repositoryArn"] = repository.Arn;
        json["repositoryUri"] = repository.Address;
        json["createdAt"] = Time(repository.CreatedAt);
        json["imageTagMutability"] = settings.Mutability.Mode;
        json["imageScanningConfiguration"] = new JsonObject { ["scanOnPush"] = settings.ScansOnPush };
        json["encryptionConfiguration"] = new JsonObject { ["encryptionType"] = settings.EncryptionType };
        if (settings.KmsKey is not null)
        {
            json["encryptionConfiguration"]!["kmsKey"] = settings.KmsKey;
        }

        if (settings.Mutability.HasExclusions)
        {
            json["imageTagMutabilityExclusionFilters"] = Filters(settings.Mutability);
        }

        return json;
    }

    public static JsonObject Describe(StoredImage image, Repository repository)
    {
        var json = About(repository);
        json["imageDigest"] = image.Digest;
        json["imageSizeInBytes"] = SizeOf(image, repository);
        json["imagePushedAt"] = Time(image.PushedAt);
        json["imageManifestMediaType"] = image.Document.MediaType;
        json["imageStatus"] = "ACTIVE";
        if (!image.Tags.IsEmpty)
        {
            json["imageTags"] = Array(image.Tags.Select(tag => (JsonNode)tag));
        }

        if (image.Document.Configuration is { } configuration)
        {
            json["artifactMediaType"] = image.Document.ArtifactType ?? configuration.MediaType;
        }

        if (image.Document.Subject is { } subject)
        {
            json["subjectManifestDigest"] = subject;
        }

        if (image.LastPulledAt is { } pulled)
        {
            json["lastRecordedPullTime"] = Time(pulled);
        }

        return json;
    }

    /// <summary>For an index the size of its largest manifest (API ImageDetail).</summary>
    private static long SizeOf(StoredImage image, Repository repository) => image.Document.IsIndex
        ? image.Document.Children.Select(child => repository.Find(child.Digest)).OfType<StoredImage>().Select(child => SizeOf(child, repository)).DefaultIfEmpty().Max()
        : image.Document.Blobs.Sum(blob => blob.Size);
}
