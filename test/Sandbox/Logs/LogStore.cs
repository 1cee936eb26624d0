using System.Text.Json.Nodes;
using Sandbox.Authorization;
using Sandbox.Ecs.Engine;
using Sandbox.Ecs.State;
using Sandbox.Worlds;

namespace Sandbox.Logs;

/// <summary>CloudWatch Logs' groups and streams, written to by containers with the awslogs driver as their execution role.</summary>
public sealed class LogStore(TimeProvider time, IAuthorizer authorizer, TimeSpan delay) : IContainerLogs
{
    private readonly Dictionary<(string Account, string Region), SortedDictionary<string, LogGroup>> _groups = [];
    private readonly Dictionary<EcsContainer, ContainerLog> _open = [];
    private long _number;

    public DateTimeOffset Now => time.GetUtcNow();

    public SortedDictionary<string, LogGroup> Groups(string account, string region) =>
        _groups.TryGetValue((account, region), out var groups) ? groups : _groups[(account, region)] = new(StringComparer.Ordinal);

    public LogGroup Create(string account, string region, string name)
    {
        var arn = $"arn:{new EcsNames(account, region).Partition}:logs:{region}:{account}:log-group:{name}";
        return Groups(account, region)[name] = new LogGroup(arn, name, Now);
    }

    public string? Open(EcsTask task, EcsContainer container, Caller? puller)
    {
        if (container.Definition["logConfiguration"] is not JsonObject configuration || (string?)configuration["logDriver"] != "awslogs")
        {
            return null;
        }

        var options = configuration["options"] as JsonObject ?? [];
        var region = (string?)options["awslogs-region"] ?? task.Cluster.Names.Region;
        var account = task.Cluster.Names.Account;
        var name = (string?)options["awslogs-group"] ?? "";
        var prefix = (string?)options["awslogs-stream-prefix"];
        var stream = prefix is null ? container.Id : $"{prefix}/{container.Name}/{task.Id}";
        if (!Groups(account, region).TryGetValue(name, out var group))
        {
            if ((string?)options["awslogs-create-group"] != "true")
            {
                return Failure(task, "ResourceNotFoundException: The specified log group does not exist.");
            }

            group = new LogGroup($"arn:{task.Cluster.Names.Partition}:logs:{region}:{account}:log-group:{name}", name, Now);
            if (Refusal(puller, "logs:CreateLogGroup", group.Arn) is { } sentence)
            {
                return Failure(task, $"AccessDeniedException: {sentence}");
            }

            Groups(account, region)[name] = group;
        }

        if (Refusal(puller, "logs:CreateLogStream", $"{group.Arn}:log-stream:{stream}") is { } refusal)
        {
            return Failure(task, $"AccessDeniedException: {refusal}");
        }

        var made = new ContainerLog(stream, Now);
        group.Streams[stream] = made;
        if (Refusal(puller, "logs:PutLogEvents", $"{group.Arn}:log-stream:{stream}") is null)
        {
            _open[container] = made;
        }

        return null;
    }

    public void Write(EcsTask task, EcsContainer container, string line)
    {
        if (_open.TryGetValue(container, out var stream))
        {
            stream.Events.Add(new LogEvent(++_number, Now, Now + delay, line));
        }
    }

    private string? Refusal(Caller? caller, string action, string resource) =>
        caller is null ? null : authorizer.Refusal(new AccessRequest { Caller = caller, Action = action, Resource = resource });

    /// <summary>authorization.md §2.6, log group missing.</summary>
    private static string Failure(EcsTask task, string reason) => task.LaunchType == "EC2"
        ? $"CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: {reason}"
        : $"ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: {reason} : exit status 1";
}
