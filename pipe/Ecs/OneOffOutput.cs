using EcsDeploy.Aws;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Shows what a one-off task writes while it writes it; a task that writes nothing is said to live.</summary>
/// <param name="stream">Null where the container logs elsewhere.</param>
/// <param name="logs">Where it is read; null reads nothing.</param>
/// <param name="container">Stands before each line.</param>
/// <param name="time">The clock of the signs of life.</param>
/// <param name="log">The story.</param>
internal sealed class OneOffOutput(LogStream? stream, ContainerLogs? logs, string container, TimeProvider time, ILogger log)
{
    /// <summary>Bitbucket shows a step without output as one that hangs.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    /// <summary>Of 1 MB each (CloudWatch Logs model, GetLogEvents): a task that writes faster than it can be read must not hold up the look at it.</summary>
    private const int MostPages = 20;

    private readonly long _began = time.GetTimestamp();
    private long _heard = time.GetTimestamp();
    private string? _next;

    /// <summary>The last line that was shown; null when there was none.</summary>
    public string? LastLine { get; private set; }

    /// <summary>CloudWatch could not be asked when it was last tried: lines may be missing.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>There is a log to show, and the role may see it as far as is known.</summary>
    public bool IsReadable { get; private set; } = stream is not null && logs is not null;

    /// <summary>Shows what is new, to the end.</summary>
    public async Task ShowAsync(CancellationToken token)
    {
        for (var page = 0; page < MostPages && IsReadable && await ShowPageAsync(token); page++)
        {
        }
    }

    public void SayAlive(TaskState task)
    {
        if (time.GetElapsedTime(_heard) < Silence)
        {
            return;
        }

        _heard = time.GetTimestamp();
        log.Information("Task {Task} is still {Status} after {Minutes:0} minutes.", task.Id, task.LastStatus, time.GetElapsedTime(_began).TotalMinutes);
    }

    /// <summary>True when there may be more: at the end of a stream the same token comes back (CloudWatch Logs model, GetLogEvents).</summary>
    private async Task<bool> ShowPageAsync(CancellationToken token)
    {
        try
        {
            var (lines, next) = await logs!.NextLinesAsync(stream!, _next, token);
            IsIncomplete = false;
            foreach (var line in lines)
            {
                log.Information("{Container}: {Line}", container, line);
                (LastLine, _heard) = (line, time.GetTimestamp());
            }

            var more = next != _next;
            _next = next;
            return more;
        }
        catch (AwsException fault) when (fault.IsTransient)
        {
            IsIncomplete = true;
            log.Debug("A look at the task's log failed and is repeated: {Message}", fault.AwsMessage);
        }
        catch (AwsException fault)
        {
            IsReadable = false;
            log.Warning("The task's log cannot be shown: {Message}", fault.AwsMessage);
        }

        return false;
    }
}
