namespace Sandbox.Logs;

/// <summary>A log group of one account and region.</summary>
public sealed class LogGroup(string arn, string name, DateTimeOffset createdAt)
{
    public string Arn { get; } = arn;

    public string Name { get; } = name;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public SortedDictionary<string, ContainerLog> Streams { get; } = new(StringComparer.Ordinal);
}

/// <summary>A log stream: one container's output.</summary>
public sealed class ContainerLog(string name, DateTimeOffset createdAt)
{
    public string Name { get; } = name;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>Oldest first.</summary>
    public List<LogEvent> Events { get; } = [];
}

/// <summary>One line.</summary>
/// <param name="Number">Grows with every event of the sandbox.</param>
/// <param name="At">When it was written.</param>
/// <param name="Ingested">When it can be read.</param>
/// <param name="Message">Without its line end.</param>
public sealed record LogEvent(long Number, DateTimeOffset At, DateTimeOffset Ingested, string Message);
