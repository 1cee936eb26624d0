namespace EcsDeploy.Ecs;

/// <summary>
/// Which task definition a one-off task runs with: the rollout's own, another one that was named and gets the new image, or one with another entry point,
/// since RunTask can replace a command and never an entry point.
/// </summary>
internal sealed class OneOffDefinitions(TaskDefinitions definitions)
{
    /// <summary>Reads only: nothing is registered yet.</summary>
    public async Task<OneOffPlan> PlanAsync(OneOffRequest request, CancellationToken token)
    {
        var wish = request.Wish;
        var from = wish.TaskDefinition is { } name ? await definitions.GetAsync(name, request.Variable("_TASK_DEFINITION"), token) : request.Definition;
        var container = Container(request, from);
        if (wish is { TaskDefinition: null, EntryPoint.Count: 0 })
        {
            return new OneOffPlan(from.Family, container, new TaskDefinitionChange { Existing = from.Arn, Differences = [] });
        }

        var input = TaskDefinitionEdit.Copy(from, new Dictionary<string, string>());
        var edited = input.Members("containerDefinitions").First(item => item.Text("name") == container);
        if (wish.TaskDefinition is not null && request.Image is { } image)
        {
            edited["image"] = image.Reference;
        }

        if (wish.EntryPoint.Count > 0)
        {
            input["family"] = $"{from.Family}-one-off";
            edited["entryPoint"] = wish.EntryPoint.ToJson();
        }

        var family = input.Text("family") ?? "";
        var there = new[] { from, await definitions.NewestAsync(family, token) };
        return new OneOffPlan(family, container, TaskDefinitionChange.To(input, there, []));
    }

    /// <summary>The container that was named; in another definition than the rollout's the one with our image, or the only one.</summary>
    private static string Container(OneOffRequest request, TaskDefinition definition)
    {
        var names = definition.ContainerNames;
        if ((request.Wish.Container ?? (request.Wish.TaskDefinition is null ? request.Container : null)) is { } named)
        {
            return names.Contains(named) ? named : throw new EcsSettingsException(
                $"Task definition {definition.Name} has no container '{named}' to run the task {request.When}. It has: {string.Join(", ", names)}.");
        }

        var ours = ContainerChoice.OfRepository(definition, request.Image?.Repository);
        return ours.Count == 1 ? ours[0]
            : names.Count == 1 ? names[0]
            : throw new EcsSettingsException(
                $"Cannot tell which container of task definition {definition.Name} runs the task {request.When}: "
                + $"{(ours.Count == 0 ? "none has" : "several have")} an image from {request.Image?.Repository.Address ?? "ECR_REPOSITORY"}. "
                + $"Set {request.Variable("_CONTAINER")} to one of: {string.Join(", ", names)}.");
    }
}

/// <summary>What a one-off task runs with, before anything is registered for it.</summary>
/// <param name="Family">Where its tasks are looked for.</param>
/// <param name="Container">The container that runs the arguments.</param>
/// <param name="Change">The revision that is there, or the one to register.</param>
internal sealed record OneOffPlan(string Family, string Container, TaskDefinitionChange Change);
