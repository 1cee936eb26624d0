using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Logging;

namespace EcsDeploy.Ecs;

/// <summary>Fetches what containers wrote to CloudWatch Logs (log driver <c>awslogs</c>).</summary>
/// <param name="call">Calls of the service <c>logs</c> in the target account.</param>
/// <param name="region">The region that <paramref name="call"/> asks.</param>
internal sealed class ContainerLogs(SendCall call, string region)
{
    private const int LongestLine = 500;

    public ContainerLogs(AwsJsonClient aws)
        : this(aws.CallAsync, aws.Region)
    {
    }

    /// <summary>
    /// The stream of a container, <c>prefix/container/task</c> (ECS guide, awslogs-stream-prefix); null where the container logs elsewhere, or under
    /// a name that cannot be known.
    /// </summary>
    public LogStream? StreamOf(TaskDefinition definition, string container, string taskId)
    {
        var log = definition.Container(container).Member("logConfiguration");
        var options = log.Member("options");
        return log.Text("logDriver") == "awslogs"
            && options.Text("awslogs-group") is { Length: > 0 } group
            && options.Text("awslogs-stream-prefix") is { Length: > 0 } prefix
            && (options.Text("awslogs-region") ?? region) == region
                ? new LogStream(group, $"{prefix}/{container}/{taskId}")
                : null;
    }

    /// <summary>Why there is no such stream, in words that say where to look instead.</summary>
    public string WhyNoStream(TaskDefinition definition, string container)
    {
        var log = definition.Container(container).Member("logConfiguration");
        var options = log.Member("options");
        return log.Text("logDriver") switch
        {
            null => "it has no logConfiguration, so its output is kept nowhere",
            not "awslogs" and var driver => $"its log driver is {driver}, which cannot be read from here",
            _ when (options.Text("awslogs-region") ?? region) is var other && other != region => $"they are in log group {options.Text("awslogs-group")} of region {other}, which is not read from here",
            _ => $"log group {options.Text("awslogs-group")} has them, in a stream whose name cannot be known without awslogs-stream-prefix",
        };
    }

    /// <summary>The latest lines, oldest first; none when the stream was never begun.</summary>
    public async Task<IReadOnlyList<string>> LastLinesAsync(LogStream stream, int most, CancellationToken token)
    {
        var input = new JsonObject { ["logGroupName"] = stream.Group, ["logStreamName"] = stream.Name, ["limit"] = most, ["startFromHead"] = false };
        return Lines(await TryAsync(input, token));
    }

    /// <summary>The lines since the last time, with the token for the next time; a null token begins at the beginning.</summary>
    public async Task<(IReadOnlyList<string> Lines, string? Next)> NextLinesAsync(LogStream stream, string? next, CancellationToken token)
    {
        var input = new JsonObject { ["logGroupName"] = stream.Group, ["logStreamName"] = stream.Name, ["startFromHead"] = true };
        if (next is not null)
        {
            input["nextToken"] = next;
        }

        var answer = await TryAsync(input, token);
        return (Lines(answer), answer?.Text("nextForwardToken") ?? next);
    }

    /// <summary>Null when there is no such group or stream yet.</summary>
    private async Task<JsonObject?> TryAsync(JsonObject input, CancellationToken token)
    {
        try
        {
            return await call("GetLogEvents", input, token);
        }
        catch (AwsException fault) when (fault.Code == "ResourceNotFoundException")
        {
            return null;
        }
    }

    private static IReadOnlyList<string> Lines(JsonObject? answer) =>
        [.. answer.Members("events").Select(item => PlainText.Line(item.Text("message") ?? "", LongestLine))];
}

/// <summary>A log stream of CloudWatch Logs.</summary>
internal sealed record LogStream(string Group, string Name);
