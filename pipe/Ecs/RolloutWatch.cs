using EcsDeploy.Aws;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Looks at our rollout: the service, our service deployment as soon as it can be told, and the tasks that failed, while they can still be seen.</summary>
/// <param name="ecs">Calls in the target account.</param>
/// <param name="ours">What is looked at.</param>
/// <param name="time">The clock of every look.</param>
/// <param name="log">Tells what the role may not see.</param>
/// <param name="known">The ARN of our service deployment where it is known already.</param>
internal sealed class RolloutWatch(EcsClient ecs, OurRollout ours, TimeProvider time, ILogger log, string? known = null)
{
    /// <summary>Stopped tasks can be had for an hour; this is often enough to judge by them.</summary>
    private static readonly TimeSpan BetweenTasks = TimeSpan.FromSeconds(10);

    /// <summary>A deployment that was over before it could be seen beside the service is looked for in the history.</summary>
    private static readonly TimeSpan BeforeHistory = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, TaskState> _stopped = [];
    private readonly HashSet<string> _notOurs = [.. ours.KnownServiceDeployments];
    private readonly long _began = time.GetTimestamp();
    private long? _tasksAt;
    private bool _tasksVisible = true;

    /// <summary>Null until it is found, or when the role may not see it.</summary>
    public string? ServiceDeployment { get; private set; } = known;

    public bool ServiceDeploymentsVisible { get; private set; } = true;

    /// <summary>ECS has ended our service deployment.</summary>
    public bool IsOver { get; private set; }

    public IReadOnlyList<TaskState> FailedTasks => [.. _stopped.Values.Where(task => task.StartedBy == ours.DeploymentId && task.Failed)];

    private TimeSpan Elapsed => time.GetElapsedTime(_began);

    public async Task<Observation> LookAsync(CancellationToken token)
    {
        var service = await ecs.FindServiceAsync(ours.Before.ClusterArn, ours.Before.Name, token);
        var deployment = service is null || !ServiceDeploymentsVisible ? null : await FindDeploymentAsync(service, token);
        if (service is not null && (_tasksAt is not { } at || time.GetElapsedTime(at) >= BetweenTasks))
        {
            await CollectTasksAsync(token);
        }

        return new Observation
        {
            Service = service,
            ServiceDeployment = deployment,
            ServiceDeploymentsVisible = ServiceDeploymentsVisible,
            FailedTasks = FailedTasks,
            Elapsed = Elapsed,
        };
    }

    /// <summary>Remembers the tasks of ours that stopped since the last time.</summary>
    public async Task CollectTasksAsync(CancellationToken token)
    {
        _tasksAt = time.GetTimestamp();
        if (!_tasksVisible)
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
            _tasksVisible = false;
            log.Warning("The role may not see this service's tasks, so a failure can only be told from events: {Message}", fault.AwsMessage);
        }
    }

    private async Task<ServiceDeploymentState?> FindDeploymentAsync(ServiceState service, CancellationToken token)
    {
        try
        {
            if (ServiceDeployment is null)
            {
                await SearchAsync(service, token);
            }

            var deployment = ServiceDeployment is null ? null : await ecs.FindServiceDeploymentAsync(ServiceDeployment, token);
            IsOver = deployment is { IsOver: true };
            return deployment;
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            ServiceDeploymentsVisible = false;
            ServiceDeployment = null;
            log.Warning(
                "The role may not see service deployments, so this rollout is followed by its deployment id alone: {Message}", fault.AwsMessage);
            return null;
        }
    }

    /// <summary>UpdateService does not name the service deployment: it is the new one that stands beside our PRIMARY and brings our definition.</summary>
    private async Task SearchAsync(ServiceState service, CancellationToken token)
    {
        if (service.Primary?.Id == ours.DeploymentId && service.CurrentServiceDeployment is { Length: > 0 } arn && !_notOurs.Contains(arn))
        {
            await TryAsync(arn, token);
        }

        if (ServiceDeployment is null && Elapsed >= BeforeHistory)
        {
            foreach (var brief in (await ecs.ListServiceDeploymentsAsync(service, 20, token)).Reverse().Where(item => !_notOurs.Contains(item.Arn)))
            {
                await TryAsync(brief.Arn, token);
                if (ServiceDeployment is not null)
                {
                    return;
                }
            }
        }
    }

    private async Task TryAsync(string arn, CancellationToken token)
    {
        if (await ecs.FindServiceDeploymentAsync(arn, token) is not { } deployment)
        {
            return;
        }

        if (await BringsAsync(deployment.TargetRevision, token) is { } definition && definition != ours.TaskDefinition)
        {
            _notOurs.Add(arn);
            return;
        }

        ServiceDeployment = arn;
    }

    /// <summary>The task definition of a revision; null when the role may not see it, and when it does not say.</summary>
    private async Task<string?> BringsAsync(string? revision, CancellationToken token)
    {
        try
        {
            return revision is not null && await ecs.DescribeServiceRevisionsAsync([revision], token) is [{ TaskDefinition.Length: > 0 } found, ..]
                ? found.TaskDefinition
                : null;
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return null;
        }
    }
}
