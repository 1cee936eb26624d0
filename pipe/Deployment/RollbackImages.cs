using EcsDeploy.Ecr;
using EcsDeploy.Ecs;
using EcsDeploy.Names;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Looks, before anything is touched, whether the images that a revision ran are still there: a deleted one would show only when tasks fail to start.</summary>
/// <param name="registry">ECR's API for a repository; images elsewhere are not looked for.</param>
/// <param name="log">Tells what could not be seen, and what is pinned.</param>
internal sealed class RollbackImages(Func<EcrRepository, EcrClient> registry, ILogger log)
{
    /// <summary>For each container whose tag stands on another image by now, the image that it ran.</summary>
    /// <exception cref="RefusedException">One is gone.</exception>
    public async Task<IReadOnlyDictionary<string, string>> CheckAsync(RollbackTarget target, CancellationToken token)
    {
        var pins = new Dictionary<string, string>();
        foreach (var image in target.Images)
        {
            if (EcrRepository.TryParse(image.Repository, out var repository) && await PinAsync(repository, target, image, token) is { } pin)
            {
                pins[image.Container] = pin;
            }
        }

        return pins;
    }

    private async Task<string?> PinAsync(EcrRepository repository, RollbackTarget target, ContainerImage image, CancellationToken token)
    {
        try
        {
            var ecr = registry(repository);
            var found = await ecr.FindImageAsync(image.Digest ?? image.Tag!, token) ?? throw Missing(target, image);
            if (!image.ByTag || image.Digest is null || (await ecr.FindImageAsync(image.Tag!, token))?.Digest == found.Digest)
            {
                return null;
            }

            log.Warning(
                "{Repository}:{Tag} stands on another image by now than the one that ran in {TaskDefinition}: rolling that one, {Digest}, in a new revision",
                image.Repository, image.Tag, target.Definition.Name, found.Digest.Text);
            return image.Reference;
        }
        catch (EcrException refused) when (refused.IsRepositoryMissing)
        {
            throw Missing(target, image);
        }
        catch (PipeException refused) when (refused is not RefusedException)
        {
            // Whoever has to go back cannot wait for the registry, or for a role of it.
            log.Warning("Whether {Image} is still there could not be seen: {Reason}", image.Reference, refused.Message);
            return null;
        }
    }

    private static RefusedException Missing(RollbackTarget target, ContainerImage image) =>
        new($"{target} cannot be gone back to: its image {image.Reference} is no longer in the registry. Name another revision in ROLLBACK_TO. Nothing was changed.");
}
