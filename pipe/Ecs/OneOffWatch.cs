using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Outcomes;
using EcsDeploy.Time;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Follows a one-off task to its end: its log as it is written, and the exit code of the container that matters.</summary>
internal sealed class OneOffWatch(EcsClient ecs, OneOffOutput output, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>CloudWatch shows lines some seconds after they were written.</summary>
    private static readonly TimeSpan LogDelay = TimeSpan.FromSeconds(5);

    /// <summary>A task may be missing from reads for a while after RunTask (ECS model, eventual consistency).</summary>
    private static readonly TimeSpan MissingTime = TimeSpan.FromMinutes(1);

    /// <summary>When an essential container ends, ECS stops the task within seconds; when another one does, never.</summary>
    private static readonly TimeSpan LeftBehind = TimeSpan.FromSeconds(15);

    private long? _endedAt;

    public async Task<OneOffOutcome> FollowAsync(OneOffRequest request, string container, TaskState task, CancellationToken token)
    {
        var began = time.GetTimestamp();
        var status = "";
        for (var last = task; ; await Waiting.ForAsync(Interval, time, token))
        {
            if (await LookAsync(request, last, time.GetElapsedTime(began), token) is not { } now)
            {
                return new OneOffOutcome { Succeeded = false, Task = task.Arn, Reasons = [$"Task {task.Id} is not there any more: nobody can say how it ended."] };
            }

            last = now;
            if (last.LastStatus != status)
            {
                status = last.LastStatus;
                log.Information("Task {Task} is {Status}.", last.Id, status);
            }

            await output.ShowAsync(token);
            if (last.IsStopped)
            {
                await ShowTheEndAsync(token);
                return End(container, last);
            }

            output.SayAlive(last);
            if (IsLeftBehind(container, last))
            {
                log.Information("Container {Container} has ended and the task's others run on: stopping task {Task}.", container, last.Id);
                await StopAsync(request, last, "the container that was waited for has ended", token);
                return End(container, last);
            }

            if (time.GetElapsedTime(began) >= request.Wish.Timeout)
            {
                return await GiveUpAsync(request, last, token);
            }
        }
    }

    /// <summary>The container that was asked for has done its work, and those beside it keep the task alive.</summary>
    private bool IsLeftBehind(string container, TaskState task)
    {
        if (task.LastStatus != "RUNNING" || task.Containers.FirstOrDefault(item => item.Name == container)?.ExitCode is null)
        {
            return false;
        }

        _endedAt ??= time.GetTimestamp();
        return time.GetElapsedTime(_endedAt.Value) >= LeftBehind;
    }

    /// <summary>Null when the task has gone without a trace.</summary>
    private async Task<TaskState?> LookAsync(OneOffRequest request, TaskState last, TimeSpan elapsed, CancellationToken token)
    {
        try
        {
            return await ecs.DescribeTasksAsync(request.Service.ClusterArn, [last.Arn], token) is [var task, ..] ? task
                : elapsed < MissingTime ? last
                : null;
        }
        catch (AwsException fault) when (fault.IsTransient)
        {
            log.Debug("A look at task {Task} failed and is repeated: {Message}", last.Id, fault.AwsMessage);
            return last;
        }
    }

    private async Task ShowTheEndAsync(CancellationToken token)
    {
        await Waiting.ForAsync(output.IsReadable ? LogDelay : TimeSpan.Zero, time, token);
        await output.ShowAsync(token);
        if (output.IsIncomplete)
        {
            log.Warning("CloudWatch Logs could not be asked any more: the task's last lines may be missing above");
        }
    }

    private OneOffOutcome End(string container, TaskState task)
    {
        var ended = task.Containers.FirstOrDefault(item => item.Name == container);
        return new OneOffOutcome
        {
            Succeeded = ended?.ExitCode == 0,
            ContainerExitCode = ended?.ExitCode,
            Task = task.Arn,
            Reasons = ended?.ExitCode == 0 ? [] : [.. Diagnosis.CausesOf(task), .. output.LastLine is { } line ? [$"Its last line: {line}"] : Array.Empty<string>()],
        };
    }

    private async Task<OneOffOutcome> GiveUpAsync(OneOffRequest request, TaskState task, CancellationToken token)
    {
        log.Warning("Task {Task} has not ended within {Minutes} minutes: stopping it.", task.Id, request.Wish.Timeout.TotalMinutes);
        await StopAsync(request, task, "timeout of a one-off task", token);
        return new OneOffOutcome
        {
            Succeeded = false,
            Task = task.Arn,
            Reasons = [$"The task {request.When} did not end within {request.Wish.Timeout.TotalMinutes} minutes and was stopped."],
        };
    }

    private async Task StopAsync(OneOffRequest request, TaskState task, string why, CancellationToken token) => await ecs.ReadAsync(
        "StopTask", new JsonObject { ["cluster"] = request.Service.ClusterArn, ["task"] = task.Arn, ["reason"] = $"dotnet-ecs-deploy: {why}" }, token);
}
