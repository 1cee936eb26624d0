using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sandbox.Worlds;

namespace Sandbox.Ecr;

/// <summary>Pulls as ECS does: a token, the manifest, the layers, each checked for the puller (ECR user guide, using ECR images with ECS).</summary>
internal sealed class ImagePull(RepositoryAccess access, RegistryHosts hosts) : IImagePull
{
    private readonly ConcurrentDictionary<string, JsonObject> _configurations = new(StringComparer.Ordinal);

    public PullResult Pull(string image, Caller puller, string platform)
    {
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || hosts.Parse(image[..slash]) is not { } address)
        {
            return new PullResult.Missing();
        }

        var (name, reference) = Split(image[(slash + 1)..]);
        var registry = access.Registries.Of(address.AccountId, address.Region);
        if (Denial(puller, registry, name) is { } denied)
        {
            return denied;
        }

        if (registry.Find(name) is not { } repository || repository.Find(reference) is not { } found)
        {
            return new PullResult.Missing();
        }

        found.LastPulledAt = access.Registries.Clock.GetUtcNow();
        return ChildFor(repository, found, platform) is { } manifest ? Pulled(found, manifest) : new PullResult.WrongPlatform();
    }

    private PullResult.Denied? Denial(Caller puller, AccountRegistry registry, string name)
    {
        const string token = "ecr:GetAuthorizationToken";
        if (access.Refusal(puller, token) is { } refusal)
        {
            return new PullResult.Denied(token, refusal);
        }

        foreach (var action in (string[])["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"])
        {
            if (access.Refusal(puller, registry, name, action) is { } sentence)
            {
                return new PullResult.Denied(action, sentence);
            }
        }

        return null;
    }

    /// <summary>A plain manifest is taken whatever it was built for, as container runtimes do; the mistake shows when it starts.</summary>
    private static StoredImage? ChildFor(Repository repository, StoredImage image, string platform) => image.Document.IsIndex
        ? image.Document.Children.Where(child => child.Platform == platform).Select(child => repository.Find(child.Digest)).FirstOrDefault()
        : image;

    private PullResult.Pulled Pulled(StoredImage image, StoredImage manifest)
    {
        var blobs = access.Registries.Blobs;
        var configuration = _configurations.GetOrAdd(manifest.Document.Configuration!.Digest, digest => Read(blobs.PathOf(digest)));
        var layers = manifest.Document.Layers.Select(layer => new LayerBlob(layer.Digest, layer.MediaType, blobs.PathOf(layer.Digest), layer.Size));
        return new PullResult.Pulled(image.Digest, manifest.Digest, configuration, [.. layers]);
    }

    private static JsonObject Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? [];
        }
        catch (System.Text.Json.JsonException)
        {
            // An artifact whose configuration is no image configuration.
            return [];
        }
    }

    /// <summary>A digest wins over a tag beside it; without either it is <c>latest</c>.</summary>
    private static (string Name, string Reference) Split(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var tagged = at < 0 ? image : image[..at];
        var colon = tagged.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? tagged : tagged[..colon];
        return (name, at >= 0 ? image[(at + 1)..] : colon < 0 ? "latest" : tagged[(colon + 1)..]);
    }
}
