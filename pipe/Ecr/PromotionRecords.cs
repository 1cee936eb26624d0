using System.Globalization;
using EcsDeploy.Names;

namespace EcsDeploy.Ecr;

/// <summary>
/// Where a digest has succeeded, written on the digest itself as tags <c>env-environment-build</c>: unique, so that immutable repositories take them too.
/// A second digest of one build gets <c>env-environment-build.2</c>.
/// </summary>
internal sealed class PromotionRecords(EcrClient ecr)
{
    private const int MostRecordsOfOneBuild = 20;

    /// <summary>Records that the image succeeded in an environment; gives back the tag.</summary>
    public async Task<ImageTag> WriteAsync(Digest digest, string environment, string build, CancellationToken token)
    {
        var image = await ecr.FindImageAsync(digest.Text, token)
            ?? throw new EcrException($"The image {digest} is no longer in {ecr.Repository}: its success in '{environment}' cannot be recorded.");
        var number = string.Concat(build.Where(char.IsAsciiDigit)) is { Length: > 0 } digits ? digits : "0";
        var wanted = Enumerable.Range(1, MostRecordsOfOneBuild)
            .Select(index => ImageTag.Parse($"{PrefixOf(environment)}{number}{(index == 1 ? "" : $".{index.ToString(CultureInfo.InvariantCulture)}")}"))
            .ToList();
        var taken = (await ecr.FindImagesAsync(wanted.Select(tag => tag.Text), token)).ToDictionary(found => found.Tag!.Text, found => found.Digest);
        var tag = wanted.FirstOrDefault(tag => !taken.TryGetValue(tag.Text, out var other) || other == digest)
            ?? throw new EcrException($"Build {build} has recorded {MostRecordsOfOneBuild} images for '{environment}' in {ecr.Repository} already.");
        await ecr.PutTagAsync(image, tag, token);
        return tag;
    }

    /// <summary>True when the digest has succeeded in the environment.</summary>
    public async Task<bool> HasAsync(Digest digest, string environment, CancellationToken token) =>
        (await ecr.TagsOfAsync(digest, token)).Any(tag => OrderOf(tag, PrefixOf(environment)) is not null);

    /// <summary>What succeeded in the environment, the latest build first.</summary>
    public async Task<IReadOnlyList<PromotionRecord>> LatestAsync(string environment, CancellationToken token)
    {
        var prefix = PrefixOf(environment);
        return [.. (await ecr.ListTagsAsync(token))
            .Select(tag => (Order: OrderOf(tag.Key, prefix), Record: new PromotionRecord(tag.Key, tag.Value)))
            .Where(entry => entry.Order is not null)
            .OrderByDescending(entry => entry.Order)
            .Select(entry => entry.Record)];
    }

    /// <summary>An environment's name may have blanks and more, a tag may not.</summary>
    private static string PrefixOf(string environment)
    {
        var clean = string.Concat(environment.Select(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-' ? character : '-'));
        return $"env-{(clean.Length > 80 ? clean[..80] : clean)}-";
    }

    /// <summary>Build and number within the build; null when the tag is no record for that prefix.</summary>
    private static (long Build, int Index)? OrderOf(string tag, string prefix)
    {
        if (!tag.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = tag[prefix.Length..].Split('.');
        return parts.Length <= 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var build)
            && int.TryParse(parts.Length == 2 ? parts[1] : "1", NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? (build, index)
                : null;
    }
}

/// <summary>One success of a digest in an environment.</summary>
internal sealed record PromotionRecord(string Tag, Digest Digest);
