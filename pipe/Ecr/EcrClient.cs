using System.Text;
using System.Text.Json.Nodes;
using EcsDeploy.Logging;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Settings;

namespace EcsDeploy.Ecr;

/// <summary>What ECR's own API tells faster, or alone, about one repository.</summary>
internal sealed class EcrClient(EcrCalls calls, Redactor redactor)
{
    /// <summary>Of BatchCheckLayerAvailability and BatchGetImage.</summary>
    private const int MostPerCall = 100;

    private static readonly string[] ManifestTypes =
        [MediaTypes.OciIndex, MediaTypes.OciManifest, MediaTypes.DockerManifestList, MediaTypes.DockerManifest];

    public EcrRepository Repository => calls.Repository;

    /// <summary>Who calls, for messages.</summary>
    public string Identity => calls.Identity;

    public EcrRepositories Repositories => new(calls);

    /// <summary>User name and password for <c>/v2/</c>: for 12 hours, for every registry of the region that the identity may use.</summary>
    public async Task<RegistryLogin> LoginAsync(CancellationToken token)
    {
        JsonObject answer;
        try
        {
            answer = await calls.SendToRegionAsync("GetAuthorizationToken", [], token);
        }
        catch (Aws.AwsException refused) when (refused.Service == "ecr")
        {
            throw EcrException.From(refused, Repository);
        }

        var encoded = ((answer["authorizationData"] as JsonArray)?.FirstOrDefault() as JsonObject)?.Text("authorizationToken");
        redactor.Add(encoded);
        var buffer = new byte[encoded?.Length ?? 0];
        if (encoded is null || !Convert.TryFromBase64String(encoded, buffer, out var length)
            || Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2) is not [var user, var password])
        {
            throw new EcrException($"ECR in {Repository.Region} answered GetAuthorizationToken without a token that can be read.");
        }

        redactor.Add(password);
        return new RegistryLogin(user, new Secret(password));
    }

    /// <summary>Which of these layers the repository has.</summary>
    public async Task<IReadOnlySet<Digest>> FindLayersAsync(IEnumerable<Digest> layers, CancellationToken token)
    {
        var found = new HashSet<Digest>();
        foreach (var some in layers.Distinct().Chunk(MostPerCall))
        {
            var answer = await calls.SendAsync("BatchCheckLayerAvailability", new JsonObject { ["layerDigests"] = ArrayOf(some.Select(layer => (JsonNode)layer.Text)) }, token);
            found.UnionWith(Objects(answer, "layers")
                .Where(layer => layer.Text("layerAvailability") == "AVAILABLE")
                .Select(layer => Digest.TryParse(layer.Text("layerDigest"), out var digest) ? digest : null)
                .OfType<Digest>());
        }

        return found;
    }

    /// <summary>Those of these tags and digests that are there, in no particular order.</summary>
    public async Task<IReadOnlyList<EcrImage>> FindImagesAsync(IEnumerable<string> references, CancellationToken token)
    {
        var found = new List<EcrImage>();
        foreach (var some in references.Distinct().Chunk(MostPerCall))
        {
            var input = new JsonObject
            {
                ["imageIds"] = ArrayOf(some.Select(IdOf)),
                ["acceptedMediaTypes"] = ArrayOf(ManifestTypes.Select(type => (JsonNode)type)),
            };
            var answer = await calls.SendAsync("BatchGetImage", input, token);
            found.AddRange(Objects(answer, "images").Select(Read).OfType<EcrImage>());
        }

        return found;
    }

    public async Task<EcrImage?> FindImageAsync(string reference, CancellationToken token) =>
        (await FindImagesAsync([reference], token)) is [var image, ..] ? image : null;

    /// <summary>Puts a tag on an image; one that stands on it already is fine, whatever the repository's mutability.</summary>
    public async Task PutTagAsync(EcrImage image, ImageTag tag, CancellationToken token)
    {
        var input = new JsonObject
        {
            ["imageManifest"] = Encoding.UTF8.GetString(image.Manifest),
            ["imageManifestMediaType"] = image.MediaType,
            ["imageDigest"] = image.Digest.Text,
            ["imageTag"] = tag.Text,
        };
        try
        {
            var answer = await calls.SendAsync("PutImage", input, token);
            if (((answer["image"] as JsonObject)?["imageId"] as JsonObject)?.Text("imageDigest") is var stored && stored != image.Digest.Text)
            {
                throw new EcrException($"ECR in {Repository.Region} answered PutImage for {image.Digest} and the tag {tag} with {stored ?? "no image"}. Look whether something answers in its place (HTTPS_PROXY, AWS_ENDPOINT_URL), and run the step again.");
            }
        }
        catch (EcrException refused) when (refused.InnerException is Aws.AwsException { Code: "ImageAlreadyExistsException" })
        {
            // The same digest under the same tag: what was wanted.
        }
        catch (EcrException refused) when (refused.IsTagTaken)
        {
            // Reported for the same digest too (containers-roadmap#2179).
            if (!await StandsOnAsync(tag, image.Digest, refused, token))
            {
                throw;
            }
        }
    }

    /// <summary>Asks in both ways that there are, since a pusher may be allowed neither; then the refusal is told with what keeps us from judging it.</summary>
    private async Task<bool> StandsOnAsync(ImageTag tag, Digest digest, EcrException refused, CancellationToken token)
    {
        try
        {
            return (await FindImageAsync(tag.Text, token))?.Digest == digest;
        }
        catch (EcrException blind) when (blind.IsDenied)
        {
            return await MayListTagsAsync(digest, token) is { } tags
                ? tags.Contains(tag.Text)
                : throw new EcrException($"{refused.Message} Whether the tag '{tag}' stands on {digest} already, which would be fine, cannot be seen: {blind.Message}", refused);
        }
    }

    private async Task<IReadOnlyList<string>?> MayListTagsAsync(Digest digest, CancellationToken token)
    {
        try
        {
            return await TagsOfAsync(digest, token);
        }
        catch (EcrException blind) when (blind.IsDenied)
        {
            return null;
        }
    }

    /// <summary>All tags of the repository with the digests that they stand on.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, Digest>>> ListTagsAsync(CancellationToken token)
    {
        var input = new JsonObject { ["filter"] = new JsonObject { ["tagStatus"] = "TAGGED" } };
        var ids = await calls.ListAsync("ListImages", input, "imageIds", token);
        return [.. ids.Select(id => KeyValuePair.Create(id.Text("imageTag"), Digest.TryParse(id.Text("imageDigest"), out var digest) ? digest : null))
            .Where(pair => pair is { Key: not null, Value: not null })
            .Select(pair => KeyValuePair.Create(pair.Key!, pair.Value!))];
    }

    /// <summary>The tags that stand on a digest; empty when the digest is not there.</summary>
    public async Task<IReadOnlyList<string>> TagsOfAsync(Digest digest, CancellationToken token)
    {
        try
        {
            var answer = await calls.SendAsync("DescribeImages", new JsonObject { ["imageIds"] = ArrayOf([IdOf(digest.Text)]) }, token);
            return [.. Objects(answer, "imageDetails").SelectMany(detail => detail.Texts("imageTags"))];
        }
        catch (EcrException missing) when (missing.InnerException is Aws.AwsException { Code: "ImageNotFoundException" })
        {
            return [];
        }
    }

    private static JsonNode IdOf(string reference) =>
        new JsonObject { [Digest.TryParse(reference, out _) ? "imageDigest" : "imageTag"] = reference };

    private static EcrImage? Read(JsonObject image)
    {
        var id = image["imageId"] as JsonObject;
        if (!Digest.TryParse(id?.Text("imageDigest"), out var digest) || image.Text("imageManifest") is not { } text)
        {
            return null;
        }

        var manifest = Encoding.UTF8.GetBytes(text);
        return Digest.Of(manifest) != digest
            ? throw new EcrException($"ECR gave a manifest for {digest} that is {Digest.Of(manifest)}: it was changed or damaged.")
            : new EcrImage
            {
                Digest = digest,
                Tag = ImageTag.TryParse(id?.Text("imageTag"), out var tag) ? tag : null,
                MediaType = image.Text("imageManifestMediaType") ?? RawJson.ParseObject(manifest, "image manifest").Text("mediaType") ?? MediaTypes.OciManifest,
                Manifest = manifest,
            };
    }

    private static IEnumerable<JsonObject> Objects(JsonObject answer, string name) => (answer[name] as JsonArray ?? []).OfType<JsonObject>();

    private static JsonArray ArrayOf(IEnumerable<JsonNode> nodes) => new([.. nodes]);
}
