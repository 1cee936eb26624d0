using EcsDeploy.Names;

namespace EcsDeploy.Ecs;

/// <summary>Which containers of a task definition get the image and the edits.</summary>
internal static class ContainerChoice
{
    /// <summary>
    /// The ones that were named; else those whose image is from our repository; else the one behind the load balancer; else the only one.
    /// </summary>
    public static IReadOnlyList<string> Choose(
        TaskDefinition definition, IReadOnlyList<string> named, EcrRepository? repository, IReadOnlyList<string> balanced)
    {
        var names = definition.ContainerNames;
        var unknown = named.Where(name => !names.Contains(name)).ToList();
        if (unknown.Count > 0)
        {
            throw new EcsSettingsException(
                $"Task definition {definition.Name} has no container '{string.Join("', '", unknown)}'. "
                + $"CONTAINER_NAME can be: {string.Join(", ", names)}.");
        }

        if (named.Count > 0)
        {
            return [.. named.Distinct()];
        }

        var ours = OfRepository(definition, repository);
        if (ours.Count > 0)
        {
            return ours;
        }

        var behind = balanced.Where(names.Contains).ToList();
        return behind.Count == 1 ? behind
            : names.Count == 1 ? names
            : throw new EcsSettingsException(
                $"Cannot tell which container of task definition {definition.Name} to change: none has an image from "
                + $"{repository?.Address ?? "ECR_REPOSITORY"}, and not exactly one is behind a load balancer. "
                + $"Set CONTAINER_NAME to one or more of: {string.Join(", ", names)}.");
    }

    /// <summary>Those that have an image of this repository; none where it is not known.</summary>
    public static IReadOnlyList<string> OfRepository(TaskDefinition definition, EcrRepository? repository) => repository is null ? [] :
    [
        .. definition.Json.Members("containerDefinitions")
            .Where(container => IsFrom(repository, container.Text("image")))
            .Select(container => container.Text("name") ?? ""),
    ];

    /// <summary>Whether an image reference is of this repository, whichever form of the registry's host name it uses.</summary>
    public static bool IsFrom(EcrRepository repository, string? image) =>
        image is not null && EcrRepository.TryParse(ContainerImage.Of("", image).Repository, out var other)
        && other.Account == repository.Account && other.Region == repository.Region && other.Name == repository.Name;
}
