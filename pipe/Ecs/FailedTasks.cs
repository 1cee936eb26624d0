using System.Collections.Concurrent;
using EcsDeploy.Aws;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>
/// The tasks of our rollout that failed, remembered while they can still be seen. They are read beside the looks, and only when a look shows that one
/// may have stopped: no verdict waits for them, and two hundred rollouts that go well need no call at all.
/// </summary>
internal sealed class FailedTasks(EcsClient ecs, OurRollout ours, TimeProvider time, ILogger log)
{
    /// <summary>Where ECS decides they are needed for the explanation only; stopped tasks can be had for an hour.</summary>
    private static readonly TimeSpan ToRemember = TimeSpan.FromMinutes(5);

    /// <summary>Often enough to judge by them.</summary>
    private static readonly TimeSpan ToJudge = TimeSpan.FromSeconds(10);

    /// <summary>Where the pipe itself has to judge, it looks without a sign too: events may come late, or not at all.</summary>
    private static readonly TimeSpan WithoutSign = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TaskState> _stopped = new();
    private readonly HashSet<string> _oldEvents = [.. ours.Before.Events.Select(item => item.Id)];
    private Task _reading = Task.CompletedTask;
    private (int Failures, int Events) _signs;
    private bool _due;
    private bool _visible = true;
    private long _readAt = time.GetTimestamp();
    private bool _wasRead;

    public IReadOnlyList<TaskState> Seen => [.. _stopped.Values.Where(task => task.StartedBy == ours.DeploymentId && task.Failed).OrderBy(task => task.Arn, StringComparer.Ordinal)];

    /// <summary>Begins to read where this look gives a reason to; does not wait for it.</summary>
    public void Notice(ServiceState service, CancellationToken token)
    {
        var signs = Signs(service);
        _due |= signs != _signs;
        _signs = signs;
        if (_visible && _reading.IsCompleted && IsTime(service.Rules.EcsDecides))
        {
            _reading = ReadBesideAsync(token);
        }
    }

    /// <summary>Reads to the end, for a verdict that is to be explained.</summary>
    public async Task ReadAsync(CancellationToken token)
    {
        await _reading;
        await CollectAsync(token);
    }

    private bool IsTime(bool ecsDecides)
    {
        var since = time.GetElapsedTime(_readAt);
        return ecsDecides ? _due && since >= ToRemember
            : _due ? !_wasRead || since >= ToJudge
            : since >= WithoutSign;
    }

    /// <summary>ECS counts failures and tells of trouble; of tasks that ran before they crashed it only tells that others were started in their place.</summary>
    private (int Failures, int Events) Signs(ServiceState service)
    {
        var fresh = service.Events.Where(item => !_oldEvents.Contains(item.Id));
        return (
            service.Deployment(ours.DeploymentId)?.FailedTasks ?? 0,
            service.Rules.EcsDecides ? fresh.Count(item => Diagnosis.TellsOfTrouble(item.Message)) : fresh.Count());
    }

    private async Task ReadBesideAsync(CancellationToken token)
    {
        try
        {
            await CollectAsync(token);
        }
        catch (AwsException fault)
        {
            _due = true;
            log.Debug("The stopped tasks could not be read and are asked for again: {Message}", fault.AwsMessage);
        }
    }

    private async Task CollectAsync(CancellationToken token)
    {
        (_due, _wasRead, _readAt) = (false, true, time.GetTimestamp());
        if (!_visible)
        {
            return;
        }

        try
        {
            var arns = await ecs.ListTasksAsync(ours.Before, "STOPPED", token);
            foreach (var task in await ecs.DescribeTasksAsync(ours.Before.ClusterArn, [.. arns.Where(arn => !_stopped.ContainsKey(arn))], token))
            {
                if (task.IsStopped)
                {
                    _stopped[task.Arn] = task;
                }
            }
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            _visible = false;
            log.Warning("The role may not see this service's tasks, so a failure can only be told from events: {Message}", fault.AwsMessage);
        }
    }
}
