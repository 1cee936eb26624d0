using EcsDeploy.Ecr;
using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;

namespace EcsDeploy.Deployment;

/// <summary>TASK_DEFINITION names a revision that runs as it is: refuses one that would run another image than the one of this run, before any service is touched.</summary>
internal sealed class RevisionCheck(EcrClient ecr)
{
    /// <exception cref="EcsSettingsException">A revision has another image, or one of which nobody can say that it is this one.</exception>
    public async Task CheckAsync(IReadOnlyList<ServicePlan> plans, PushedImage ours, CancellationToken token)
    {
        var digests = ours.Children.Append(ours.Digest).ToHashSet();
        var faults = new List<string>();
        foreach (var plan in plans.Select(plan => plan.TaskDefinition).Where(plan => plan.AsItIs).DistinctBy(plan => plan.Base.Arn))
        {
            foreach (var image in ContainerImage.AllOf(plan.Base, null).Where(image => plan.Containers.Contains(image.Container)))
            {
                var digest = await DigestAsync(image, token);
                if (digest is null || !digests.Contains(digest))
                {
                    faults.Add(
                        $"TASK_DEFINITION is {plan.Base.Name}, which runs as it is, and its container '{image.Container}' has the image {image.Reference} ({digest?.Text ?? "no digest that is known in this registry"}) "
                        + $"and not this run's, {ours.Digest}. Use TASK_DEFINITION live or family:{plan.Base.Family}, which put the image in, or name a revision that has it. No service was rolled.");
                }
            }
        }

        if (faults.Count > 0)
        {
            throw new EcsSettingsException(string.Join('\n', faults));
        }
    }

    /// <summary>The digest that a task would get: written there, or the one that a tag of our repository stands on now.</summary>
    private async Task<Digest?> DigestAsync(ContainerImage image, CancellationToken token)
    {
        if (image.Digest is { } written)
        {
            return Digest.TryParse(written, out var pinned) ? pinned : null;
        }

        return ContainerChoice.IsFrom(ecr.Repository, image.Repository) ? (await ecr.FindImageAsync(image.Tag!, token))?.Digest : null;
    }
}
