using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>The last log lines of every container that failed: one task for each is enough, they mostly say the same.</summary>
internal sealed class LastWords(EcsClient ecs, ContainerLogs logs)
{
    /// <summary>For each container; a task has ten at most.</summary>
    private const int MostLines = 20;

    /// <summary>Each line with its container in front; a sentence where they could not be had.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(string taskDefinition, IReadOnlyList<TaskState> failed, CancellationToken token)
    {
        var speakers = Speakers(failed);
        if (speakers.Count == 0)
        {
            return [];
        }

        try
        {
            var definition = await ecs.DescribeTaskDefinitionAsync(taskDefinition, token);
            var lines = new List<string>();
            foreach (var (container, task) in speakers)
            {
                lines.AddRange((await LinesAsync(definition, container, task, token)).Select(line => $"{container}: {line}"));
            }

            return lines;
        }
        catch (AwsException fault)
        {
            return [$"The containers' last log lines could not be read: {fault.AwsMessage}"];
        }
    }

    /// <summary>The latest task of each container that ended on its own account; sidecars that went with it only where nothing else did.</summary>
    private static IReadOnlyList<(string Container, TaskState Task)> Speakers(IReadOnlyList<TaskState> failed)
    {
        var ended = failed
            .OrderByDescending(task => task.StoppedAt)
            .SelectMany(task => task.Containers.Where(container => container.ExitCode is not null).Select(container => (Task: task, Container: container)))
            .ToList();
        var culprits = ended.Where(pair => pair.Container.ExitCode is not (0 or 143)).ToList();
        return [.. (culprits.Count > 0 ? culprits : ended).GroupBy(pair => pair.Container.Name).Select(group => (group.Key, group.First().Task))];
    }

    /// <summary>One container's failure to tell takes nothing from the others.</summary>
    private async Task<IReadOnlyList<string>> LinesAsync(TaskDefinition definition, string container, TaskState task, CancellationToken token)
    {
        if (logs.StreamOf(definition, container, task.Id) is not { } stream)
        {
            return [$"(its last lines could not be read: {logs.WhyNoStream(definition, container)})"];
        }

        try
        {
            var lines = await logs.LastLinesAsync(stream, MostLines, token);
            return lines.Count > 0 ? lines : [$"(it wrote nothing to {stream.Name} in log group {stream.Group})"];
        }
        catch (AwsException fault)
        {
            return [$"(its last lines could not be read from log group {stream.Group}: {fault.AwsMessage})"];
        }
    }
}
