using EcsDeploy.Delivery;
using EcsDeploy.Ecr;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Chooses the digest that is promoted, and holds it against the environment in which it must have succeeded.</summary>
internal sealed class Promotion(EcrClient ecr, PromotionRecords records, ILogger log)
{
    private const string FromEnvironment = "from:";

    /// <exception cref="RefusedException">The digest did not succeed where PROMOTE_FROM says that it must have.</exception>
    public async Task<PushedImage> ChooseAsync(string? reference, PipeSettings settings, CancellationToken token)
    {
        var image = await new ExistingImage(ecr).FindAsync(await ResolveAsync(reference, settings, token), token);
        log.Information("Promoting {Image}", image.Reference);
        if (settings.PromoteFrom is { } environment)
        {
            await CheckAsync(image, environment, token);
        }

        return image;
    }

    /// <summary>Records that the image runs in this environment, unless the latest record says so; a repository that refuses the tag does not undo the success.</summary>
    public async Task RecordAsync(PushedImage image, PipeSettings settings, CancellationToken token)
    {
        if (settings.Environment is not { } environment)
        {
            log.Information("No environment is named, so PROMOTE_FROM cannot ask for this success: add deployment: to the step, or set ENVIRONMENT");
            return;
        }

        try
        {
            await records.WriteAsync(
                image.Digest, environment, settings.Bitbucket.BuildNumber ?? "0",
                tag => log.Information("Recording in the registry that this digest runs in {Environment}: tag {Tag}", environment, tag.Text), token);
        }
        catch (PipeException refused)
        {
            log.Warning("That this digest runs in {Environment} could not be recorded, so PROMOTE_FROM will refuse it: {Reason}", environment, refused.Message);
        }
    }

    /// <summary>Puts TAGS on the image.</summary>
    public Task<PushedImage> TagAsync(PushedImage image, PipeSettings settings, CancellationToken token) =>
        new PromotionTags(ecr, log).PutAsync(image, settings.Registry?.Tags ?? [], token);

    /// <summary>Tells what <see cref="TagAsync"/> would do.</summary>
    public Task TellTagsAsync(PushedImage image, PipeSettings settings, CancellationToken token) =>
        new PromotionTags(ecr, log).TellAsync(image, settings.Registry?.Tags ?? [], token);

    /// <summary>Whether the latest record of the environment is this digest: then all that belongs to its deployment was done.</summary>
    public async Task<bool> IsOnRecordAsync(PushedImage image, PipeSettings settings, CancellationToken token) =>
        settings.Environment is { } environment && (await LatestAsync(environment, token)).Contains(image.Digest.Text);

    /// <summary>
    /// What succeeded last, here or (null) in any environment: layers to share with when no running service tells; nothing when the registry does not say.
    /// </summary>
    public async Task<IReadOnlyList<string>> LatestAsync(string? environment, CancellationToken token)
    {
        try
        {
            var latest = await (environment is null ? records.LatestAnywhereAsync(token) : records.LatestAsync(environment, token));
            return [.. latest.Take(1).Select(record => record.Digest.Text)];
        }
        catch (PipeException refused)
        {
            log.Debug("What ran in {Environment} last is not looked at: {Reason}", environment ?? "any environment", refused.Message);
            return [];
        }
    }

    private async Task<string> ResolveAsync(string? reference, PipeSettings settings, CancellationToken token)
    {
        if (reference?.StartsWith(FromEnvironment, StringComparison.Ordinal) == true)
        {
            var environment = reference[FromEnvironment.Length..];
            var latest = await records.LatestAsync(environment, token);
            return latest.Count > 0
                ? latest[0].Digest.Text
                : throw new ImageNotFoundException($"Nothing in {ecr.Repository.Address} is on record as running in '{environment}': deploy there first, or name a tag or a digest in IMAGE.");
        }

        return reference
            ?? settings.Registry?.CommitTag?.Text
            ?? throw new ImageNotFoundException("IMAGE is not set and there is no commit to take the tag from. Set IMAGE to a tag, a digest or from:<environment>.");
    }

    private async Task CheckAsync(PushedImage image, string environment, CancellationToken token)
    {
        if (await records.HasAsync(image.Digest, environment, token))
        {
            log.Information("The digest has succeeded in {Environment}, as PROMOTE_FROM asks", environment);
            return;
        }

        var latest = await records.LatestAsync(environment, token);
        throw new RefusedException(
            $"{image.Reference} has not succeeded in '{environment}', and PROMOTE_FROM asks for that. "
            + (latest.Count > 0
                ? $"What ran there last is {latest[0].Digest} (tag {latest[0].Tag}). Deploy this image to '{environment}' first, or promote IMAGE: from:{environment}."
                : $"Nothing is on record for '{environment}': deploy there first.")
            + " Nothing was changed.");
    }
}
