using System.Globalization;
using EcsDeploy.Names;
using EcsDeploy.Settings;

namespace EcsDeploy.Ecr;

/// <summary>
/// Where a digest has succeeded, written on the digest itself as tags <c>env-environment-build</c>: unique, so that immutable repositories take them too.
/// The latest tag of an environment names what runs there, so a digest that comes back gets a further one: <c>env-environment-build.2</c> where the build has one already.
/// </summary>
internal sealed class PromotionRecords(EcrClient ecr)
{
    /// <summary>Somebody else may write the same record between our look and our tag, but hardly so often.</summary>
    private const int MostTries = 5;

    /// <summary>
    /// Records that the image runs in an environment now, unless the environment's latest record says so; gives back the tag, null when none was needed.
    /// The tag comes after all that are there, even where an older build is run again.
    /// </summary>
    /// <param name="digest">What runs.</param>
    /// <param name="environment">Where.</param>
    /// <param name="build">The pipeline's number.</param>
    /// <param name="announce">Told of a tag before it is put.</param>
    /// <param name="token">Ends it.</param>
    public async Task<ImageTag?> WriteAsync(Digest digest, string environment, string build, Action<ImageTag> announce, CancellationToken token)
    {
        for (var tries = 1; ; tries++)
        {
            var latest = await LatestAsync(environment, token);
            if (latest is [var running, ..] && running.Digest == digest)
            {
                return null;
            }

            var image = await ecr.FindImageAsync(digest.Text, token)
                ?? throw new EcrException($"The image {digest} is no longer in {ecr.Repository}: its success in '{environment}' cannot be recorded.");
            var tag = Next(latest, PrefixOf(environment), build);
            announce(tag);
            try
            {
                await ecr.PutTagAsync(image, tag, token);
                return tag;
            }
            catch (EcrException taken) when (taken.IsTagTaken && tries < MostTries)
            {
                // Another pipeline was faster with this record: ours comes after it.
            }
        }
    }

    /// <summary>True when the digest has succeeded in the environment.</summary>
    public async Task<bool> HasAsync(Digest digest, string environment, CancellationToken token) =>
        (await ecr.TagsOfAsync(digest, token)).Any(tag => OrderOf(tag, PrefixOf(environment)) is not null);

    /// <summary>What succeeded in the environment, the latest build first.</summary>
    public async Task<IReadOnlyList<PromotionRecord>> LatestAsync(string environment, CancellationToken token) => Latest(await ecr.ListTagsAsync(token), _ => PrefixOf(environment));

    /// <summary>What succeeded in any environment, the latest build first.</summary>
    public async Task<IReadOnlyList<PromotionRecord>> LatestAnywhereAsync(CancellationToken token) => Latest(
        (await ecr.ListTagsAsync(token)).Where(tag => tag.Key.StartsWith(RegistrySettings.RecordPrefix, StringComparison.Ordinal)),
        tag => tag[..(tag.LastIndexOf('-') + 1)]);

    private static IReadOnlyList<PromotionRecord> Latest(IEnumerable<KeyValuePair<string, Digest>> tags, Func<string, string> prefixOf) =>
        [.. tags.Select(tag => (Order: OrderOf(tag.Key, prefixOf(tag.Key)), Record: new PromotionRecord(tag.Key, tag.Value)))
            .Where(entry => entry.Order is not null)
            .OrderByDescending(entry => entry.Order)
            .Select(entry => entry.Record)];

    private static ImageTag Next(IReadOnlyList<PromotionRecord> records, string prefix, string build)
    {
        var own = long.TryParse(string.Concat(build.Where(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return ImageTag.Parse(records is [var latest, ..] && OrderOf(latest.Tag, prefix) is var (before, index) && before >= own
            ? string.Create(CultureInfo.InvariantCulture, $"{prefix}{before}.{index + 1}")
            : string.Create(CultureInfo.InvariantCulture, $"{prefix}{own}"));
    }

    /// <summary>An environment's name may have blanks and more, a tag may not.</summary>
    private static string PrefixOf(string environment)
    {
        var clean = string.Concat(environment.Select(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-' ? character : '-'));
        return $"{RegistrySettings.RecordPrefix}{(clean.Length > 80 ? clean[..80] : clean)}-";
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
