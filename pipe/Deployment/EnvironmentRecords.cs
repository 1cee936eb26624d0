using EcsDeploy.Delivery;
using EcsDeploy.Ecr;
using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>What the registry has on record for this run's environment, for the actions that start from a service and not from an image.</summary>
/// <param name="registry">ECR's API for a repository.</param>
/// <param name="settings">The environment, and the repository where it is named.</param>
/// <param name="log">Tells what could not be read.</param>
internal sealed class EnvironmentRecords(Func<EcrRepository, EcrClient> registry, PipeSettings settings, ILogger log)
{
    /// <summary>The latest first; empty when there is no environment, no record, or no permission to see it.</summary>
    public async Task<IReadOnlyList<PromotionRecord>> LatestAsync(TaskDefinition runs, CancellationToken token)
    {
        if (settings.Environment is not { } environment || RepositoryOf(runs) is not { } repository)
        {
            return [];
        }

        try
        {
            return await new PromotionRecords(registry(repository)).LatestAsync(environment, token);
        }
        catch (PipeException refused)
        {
            log.Debug("What {Repository} has on record for {Environment} is not looked at: {Reason}", repository.Address, environment, refused.Message);
            return [];
        }
    }

    /// <summary>The image that a definition is rolled for, with the containers that have it; null when ECR has none of its images, or does not show it.</summary>
    public async Task<(PushedImage Image, IReadOnlyList<string> Containers)?> ImageAsync(RollbackTarget target, CancellationToken token)
    {
        var repository = RepositoryOf(target.Definition);
        var ours = target.Images.Where(image => image.Digest is not null && image.Repository == repository?.Address).ToList();
        if (repository is null || ours.Count == 0)
        {
            return null;
        }

        try
        {
            var image = await new ExistingImage(registry(repository)).FindAsync(ours[0].Digest!, token);
            return (image, [.. ours.Where(one => one.Digest == ours[0].Digest).Select(one => one.Container)]);
        }
        catch (PipeException refused)
        {
            log.Debug("The image of {TaskDefinition} is not looked at: {Reason}", target.Definition.Name, refused.Message);
            return null;
        }
    }

    /// <summary>Records that the image runs here, so that what is promoted from this environment is what it runs.</summary>
    public Task WriteAsync(PushedImage image, CancellationToken token)
    {
        var ecr = registry(image.Repository);
        return new Promotion(ecr, new PromotionRecords(ecr), log).RecordAsync(image, settings, token);
    }

    /// <summary>ECR_REPOSITORY, else the first of the definition's images that is in an ECR.</summary>
    private EcrRepository? RepositoryOf(TaskDefinition definition) =>
        settings.Registry?.Repository
        ?? ContainerImage.AllOf(definition, null)
            .Select(image => EcrRepository.TryParse(image.Repository, out var repository) ? repository : null)
            .FirstOrDefault(repository => repository is not null);
}
