using EcsDeploy.Ecr;
using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;

namespace EcsDeploy.Deployment;

/// <summary>TASK_DEFINITION names a revision that runs as it is: refuses one that would run another image than the one of this run, before any service is touched.</summary>
internal sealed class AsItIs(EcrClient ecr)
{
    /// <exception cref="EcsSettingsException">A revision has another image, or one of which nobody can say that it is this one.</exception>
    public async Task CheckAsync(IReadOnlyList<ServicePlan> plans, PushedImage image, CancellationToken token)
    {
        var ours = image.Children.Append(image.Digest).ToHashSet();
        var faults = new List<string>();
        foreach (var plan in plans.Select(plan => plan.TaskDefinition).Where(plan => plan.AsItIs).DistinctBy(plan => plan.Base.Arn))
        {
            foreach (var (container, reference) in ImagesOf(plan))
            {
                var digest = await DigestAsync(reference, token);
                if (digest is null || !ours.Contains(digest))
                {
                    faults.Add(
                        $"TASK_DEFINITION is {plan.Base.Name}, which runs as it is, and its container '{container}' has the image {reference} ({digest?.Text ?? "no digest that is known in this registry"}) "
                        + $"and not this run's, {image.Digest}. Use TASK_DEFINITION live or family:{plan.Base.Family}, which put the image in, or name a revision that has it. No service was rolled.");
                }
            }
        }

        if (faults.Count > 0)
        {
            throw new EcsSettingsException(string.Join('\n', faults));
        }
    }

    private static IEnumerable<(string Container, string Reference)> ImagesOf(TaskDefinitionPlan plan) => plan.Base.Json.Members("containerDefinitions")
        .Select(container => (Name: container.Text("name") ?? "", Image: container.Text("image") ?? ""))
        .Where(container => plan.Containers.Contains(container.Name));

    /// <summary>The digest that a task would get: written there, or the one that a tag of our repository stands on now.</summary>
    private async Task<Digest?> DigestAsync(string reference, CancellationToken token)
    {
        if (Digest.TryParse(reference.Split('@')[^1], out var pinned))
        {
            return pinned;
        }

        if (!ContainerChoice.IsFrom(ecr.Repository, reference))
        {
            return null;
        }

        var colon = reference.LastIndexOf(':');
        var tag = colon > reference.LastIndexOf('/') ? reference[(colon + 1)..] : "latest";
        return (await ecr.FindImageAsync(tag, token))?.Digest;
    }
}
