using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Registry;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>
/// What stands under this commit's tag already: a re-run of the step builds upon the base that was used then, so that it makes the same image
/// again, and a tag that records another app is not taken away from it.
/// </summary>
internal sealed record TaggedImage(ImageTag Tag, Digest Digest, ImageConfiguration Configuration)
{
    private const string BaseDigestLabel = "org.opencontainers.image.base.digest";
    private const string BaseNameLabel = "org.opencontainers.image.base.name";

    /// <summary>The image for this platform, else one for another: it tells the app too. Null when the tag is free, or its image cannot be read.</summary>
    public static async Task<TaggedImage?> FindAsync(
        EarlierImages earlier, IReadOnlyList<ImageTag> tags, (Platform Platform, RegistryClient Registry, ILogger Log) at, CancellationToken token)
    {
        var tag = tags.FirstOrDefault(tag => earlier.Find(tag) is not null);
        var image = tag is null ? null : earlier.Find(tag);
        if (image is not null && ImageIndex.Is(image.MediaType))
        {
            var index = ImageIndex.Parse(image.Manifest, image.MediaType);
            var child = index.Find(at.Platform) ?? index.Manifests.OrderBy(child => child.Platform is null).FirstOrDefault(child => earlier.Find(child.Digest) is not null);
            image = child is null ? null : earlier.Find(child.Digest);
        }

        if (image is null || !ImageManifest.Is(image.MediaType))
        {
            return null;
        }

        try
        {
            var configuration = ImageConfiguration.Parse(await at.Registry.ReadBlobAsync(ImageManifest.Parse(image.Manifest, image.MediaType).Configuration, token));
            return new TaggedImage(tag!, image.Digest, configuration);
        }
        catch (Exception unreadable) when (unreadable is RegistryException or DocumentException)
        {
            at.Log.Debug("What the tag {Tag} stands on is not compared: {Reason}", tag, unreadable.Message);
            return null;
        }
    }

    public bool IsFor(Platform platform) => Configuration.Platform == platform;

    /// <summary>The base of then, where it was the same by name and for the same platform.</summary>
    public ImageReference BaseOf(ImageReference wanted, Platform platform)
    {
        var named = Configuration.Labels.GetValueOrDefault(BaseNameLabel);
        var same = named is null || (ImageReference.TryParse(named, out var then) && then.ToString() == wanted.ToString());
        return same && IsFor(platform) && wanted.Digest is null && Digest.TryParse(Configuration.Labels.GetValueOrDefault(BaseDigestLabel), out var digest)
            ? wanted.WithDigest(digest)
            : wanted;
    }

    /// <summary>Refuses to move the tag from one app to another.</summary>
    /// <param name="entryPoint">Of the image that is to get the tag.</param>
    public void Check(IReadOnlyList<string> entryPoint)
    {
        if (!entryPoint.SequenceEqual(Configuration.EntryPoint))
        {
            throw new PushException(
                $"The tag '{Tag}' stands on an image of another app: that one starts '{string.Join(' ', Configuration.EntryPoint)}', this one "
                + $"'{string.Join(' ', entryPoint)}'. Give each app a repository or TAGS of its own. Nothing was tagged.");
        }
    }
}
