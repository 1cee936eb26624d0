using EcsDeploy.Ecr;
using EcsDeploy.Names;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>Puts the run's tags on the digest; one that stands there already is left alone, one that may not be moved is said.</summary>
internal sealed class Tagging(EcrClient ecr, ILogger log)
{
    public Task PutAsync(EcrImage image, IReadOnlyList<ImageTag> tags, EarlierImages earlier, CancellationToken token) =>
        Task.WhenAll(tags.Where(tag => earlier.Find(tag)?.Digest != image.Digest).Select(tag => PutAsync(image, tag, earlier.Find(tag)?.Digest, token)));

    private async Task PutAsync(EcrImage image, ImageTag tag, Digest? before, CancellationToken token)
    {
        try
        {
            await ecr.PutTagAsync(image, tag, token);
        }
        catch (EcrException taken) when (taken.IsTagTaken)
        {
            throw new PushException(
                $"The tag '{tag}' of {ecr.Repository.Address} stands on {before?.Text ?? "another image"} and the repository is immutable, so it cannot be put on "
                + $"{image.Digest}, which is there without it. Give this build TAGS of its own, or exclude '{tag}' from the repository's immutability.",
                taken);
        }

        if (before is not null)
        {
            log.Information("The tag {Tag} was moved from {Before}.", tag, before);
        }
    }
}
