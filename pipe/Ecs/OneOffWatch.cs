using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Outcomes;
using EcsDeploy.Time;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Follows a one-off task to its end: its log as it is written, and the exit code of the container that matters.</summary>
internal sealed class OneOffWatch(EcsClient ecs, ContainerLogs? logs, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>CloudWatch shows lines some seconds after they were written.</summary>
    private static readonly TimeSpan LogDelay = TimeSpan.FromSeconds(5);

    /// <summary>A task may be missing from reads for a while after RunTask (ECS model, eventual consistency).</summary>
    private static readonly TimeSpan MissingTime = TimeSpan.FromMinutes(1);

    private string? _next;
    private bool _logsFailed;

    public async Task<OneOffOutcome> FollowAsync(OneOffRequest request, TaskDefinition definition, TaskState task, CancellationToken token)
    {
        var began = time.GetTimestamp();
        var stream = logs?.StreamOf(definition, request.ContainerName, task.Id);
        var status = "";
        for (var last = task; ; await Waiting.ForAsync(Interval, time, token))
        {
            last = await LookAsync(request, last, time.GetElapsedTime(began), token);
            if (last.LastStatus != status)
            {
                status = last.LastStatus;
                log.Information("Task {Task} is {Status}.", last.Id, status);
            }

            await StreamAsync(request, stream, token);
            if (last.IsStopped)
            {
                await Waiting.ForAsync(stream is null ? TimeSpan.Zero : LogDelay, time, token);
                await StreamAsync(request, stream, token);
                return End(request, last);
            }

            if (time.GetElapsedTime(began) >= request.Wish.Timeout)
            {
                return await StopAsync(request, last, token);
            }
        }
    }

    private async Task<TaskState> LookAsync(OneOffRequest request, TaskState last, TimeSpan elapsed, CancellationToken token)
    {
        try
        {
            return await ecs.DescribeTasksAsync(request.Service.ClusterArn, [last.Arn], token) is [var task, ..] ? task
                : elapsed < MissingTime ? last
                : throw new EcsSettingsException($"Task {last.Id} is not there any more: nobody can say how it ended.");
        }
        catch (AwsException fault) when (fault.IsTransient)
        {
            log.Debug("A look at task {Task} failed and is repeated: {Message}", last.Id, fault.AwsMessage);
            return last;
        }
    }

    private async Task StreamAsync(OneOffRequest request, LogStream? stream, CancellationToken token)
    {
        if (stream is null || _logsFailed)
        {
            return;
        }

        try
        {
            (var lines, _next) = await logs!.NextLinesAsync(stream, _next, token);
            foreach (var line in lines)
            {
                log.Information("{Container}: {Line}", request.ContainerName, line);
            }
        }
        catch (AwsException fault) when (!fault.IsTransient)
        {
            _logsFailed = true;
            log.Warning("The task's log cannot be shown: {Message}", fault.AwsMessage);
        }
    }

    private static OneOffOutcome End(OneOffRequest request, TaskState task)
    {
        var container = task.Containers.FirstOrDefault(item => item.Name == request.ContainerName);
        return new OneOffOutcome
        {
            Succeeded = container?.ExitCode == 0,
            ContainerExitCode = container?.ExitCode,
            Task = task.Arn,
            Reasons = container?.ExitCode == 0 ? [] : [.. Diagnosis.CausesOf(task)],
        };
    }

    private async Task<OneOffOutcome> StopAsync(OneOffRequest request, TaskState task, CancellationToken token)
    {
        log.Warning("Task {Task} has not ended within {Minutes} minutes: stopping it.", task.Id, request.Wish.Timeout.TotalMinutes);
        await ecs.ReadAsync(
            "StopTask",
            new JsonObject { ["cluster"] = request.Service.ClusterArn, ["task"] = task.Arn, ["reason"] = "dotnet-ecs-deploy: timeout of a one-off task" },
            token);
        return new OneOffOutcome
        {
            Succeeded = false,
            Task = task.Arn,
            Reasons = [$"The task {request.When} did not end within {request.Wish.Timeout.TotalMinutes} minutes and was stopped."],
        };
    }
}
