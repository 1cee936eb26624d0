using EcsDeploy.Ecr;
using EcsDeploy.Names;
using EcsDeploy.Registry;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>Puts a manifest and the run's tags; a tag that stands there already is left alone, one that may not be moved is said.</summary>
internal sealed class Tagging(TargetRepository target, ILogger log)
{
    /// <summary>ECR's PutImage takes manifest and tag together, which saves a round trip; the distribution protocol has no such request.</summary>
    public async Task PutAsync(ManifestDocument manifest, IReadOnlyList<ImageTag> tags, EarlierImages earlier, CancellationToken token)
    {
        var image = new EcrImage { Digest = manifest.Digest, MediaType = manifest.MediaType, Manifest = manifest.Content };
        if (earlier.Find(manifest.Digest) is not null)
        {
            await PutAsync(image, tags, earlier, token);
        }
        else if (tags.Count > 0)
        {
            // Each request carries the whole manifest, so none has to wait for another.
            await Task.WhenAll(tags.Select(tag => PutAsync(image, tag, earlier, token)));
        }
        else
        {
            await target.Registry.PutManifestAsync(manifest.Digest.Text, manifest, token);
        }
    }

    /// <summary>Tags on an image that is there.</summary>
    public Task PutAsync(EcrImage image, IEnumerable<ImageTag> tags, EarlierImages earlier, CancellationToken token) =>
        Task.WhenAll(tags.Where(tag => earlier.Find(tag)?.Digest != image.Digest).Select(tag => PutAsync(image, tag, earlier, token)));

    private async Task PutAsync(EcrImage image, ImageTag tag, EarlierImages earlier, CancellationToken token)
    {
        var before = earlier.Find(tag)?.Digest;
        try
        {
            await target.Ecr.PutTagAsync(image, tag, token);
        }
        catch (EcrException taken) when (taken.IsTagTaken)
        {
            throw new PushException(
                $"The tag '{tag}' of {target.Ecr.Repository.Address} stands on {before?.Text ?? "another image"} and the repository is immutable, so it cannot be put on "
                + $"{image.Digest}. Give this build TAGS of its own, or exclude '{tag}' from the repository's immutability.",
                taken);
        }

        if (before is not null)
        {
            log.Information("The tag {Tag} was moved from {Before}.", tag, before);
        }
    }
}
