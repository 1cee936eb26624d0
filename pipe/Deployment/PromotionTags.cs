using EcsDeploy.Delivery;
using EcsDeploy.Ecr;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Puts TAGS on a digest that is promoted; those that stand on it already stay.</summary>
internal sealed class PromotionTags(EcrClient ecr, ILogger log)
{
    /// <exception cref="PushException">A tag stands on another image and may not be moved; then none that is new was put.</exception>
    public async Task<PushedImage> PutAsync(PushedImage image, IReadOnlyList<ImageTag> tags, CancellationToken token)
    {
        if (tags.Count == 0)
        {
            return image;
        }

        var (found, missing) = await LookAsync(image, tags, token);
        var put = new List<ImageTag>();
        foreach (var (tag, before) in missing)
        {
            log.Information(before is null ? "Putting the tag {Tag} on the digest" : "Moving the tag {Tag} from {Before} to the digest", tag, before);
            try
            {
                await ecr.PutTagAsync(found, tag, token);
                put.Add(tag);
            }
            catch (EcrException taken) when (taken.IsTagTaken)
            {
                throw Taken(image, tag, put, taken);
            }
        }

        return image with { Tags = tags };
    }

    /// <summary>What <see cref="PutAsync"/> would do, for a dry run.</summary>
    /// <exception cref="PushException">A tag stands on another image and may not be moved.</exception>
    public async Task TellAsync(PushedImage image, IReadOnlyList<ImageTag> tags, CancellationToken token)
    {
        var missing = tags.Count == 0 ? [] : (await LookAsync(image, tags, token)).Missing;
        var isFixed = missing.Any(tag => tag.Before is not null) ? await ecr.Repositories.FindFixedTagsAsync(token) : _ => false;
        foreach (var (tag, before) in missing)
        {
            if (before is not null && isFixed?.Invoke(tag.Text) == true)
            {
                throw Taken(image, tag, [], null);
            }

            log.Information(before is null ? "Put the tag {Tag} on the digest" : "Move the tag {Tag} from {Before} to the digest", tag, before);
            if (isFixed is null && before is not null)
            {
                log.Warning("Whether the repository lets {Tag} move cannot be read (ecr:DescribeRepositories): an immutable one will refuse", tag);
            }
        }
    }

    /// <summary>Tags that have to leave another image come first: a repository that refuses that has got none of the others then.</summary>
    private async Task<(EcrImage Image, IReadOnlyList<(ImageTag Tag, Digest? Before)> Missing)> LookAsync(PushedImage image, IReadOnlyList<ImageTag> tags, CancellationToken token)
    {
        var there = await EarlierImages.FindAsync(ecr, [image.Digest.Text, .. tags.Select(tag => tag.Text)], token);
        var found = there.Find(image.Digest) ?? throw new ImageNotFoundException($"{image.Reference} was deleted while it was being promoted. No service was rolled.");
        return (found, [.. tags.Distinct().Select(tag => (tag, there.Find(tag)?.Digest)).Where(tag => tag.Digest != image.Digest).OrderBy(tag => tag.Digest is null)]);
    }

    private PushException Taken(PushedImage image, ImageTag tag, List<ImageTag> put, EcrException? refused) => new(
        $"The tag '{tag}' of {ecr.Repository.Address} stands on another image and the repository is immutable, so it cannot be put on {image.Digest}. Give this promotion TAGS of its own. "
        + (put.Count > 0 ? $"Put before that: {string.Join(", ", put)}. " : string.Empty) + "No service was rolled.",
        refused);
}
