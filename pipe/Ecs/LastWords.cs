using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>The last log lines of containers that failed: one task for each container is enough, they mostly say the same.</summary>
internal sealed class LastWords(EcsClient ecs, ContainerLogs logs)
{
    private const int MostContainers = 3;
    private const int MostLines = 20;

    /// <summary>Each line with its container in front; a sentence where they could not be had.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(string taskDefinition, IReadOnlyList<TaskState> failed, CancellationToken token)
    {
        // The latest task of each container that ended on its own account: the app's own end tells more than the sidecar's that went with it.
        var speakers = failed
            .OrderByDescending(task => task.StoppedAt)
            .SelectMany(task => task.Containers.Where(container => container.ExitCode is not null).Select(container => (Task: task, Container: container)))
            .GroupBy(pair => pair.Container.Name)
            .Select(group => group.First())
            .OrderBy(pair => pair.Container.ExitCode is 0 or 143)
            .Take(MostContainers)
            .ToList();
        if (speakers.Count == 0)
        {
            return [];
        }

        try
        {
            var definition = await ecs.DescribeTaskDefinitionAsync(taskDefinition, token);
            var lines = new List<string>();
            foreach (var (task, container) in speakers)
            {
                if (logs.StreamOf(definition, container.Name, task.Id) is { } stream)
                {
                    lines.AddRange((await logs.LastLinesAsync(stream, MostLines, token)).Select(line => $"{container.Name}: {line}"));
                }
            }

            return lines;
        }
        catch (AwsException fault)
        {
            return [$"The containers' last log lines could not be read: {fault.AwsMessage}"];
        }
    }
}
