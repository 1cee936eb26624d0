using EcsDeploy.Aws;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Looks at our rollout: the service, and our service deployment as soon as it can be told.</summary>
/// <param name="ecs">Calls in the target account.</param>
/// <param name="ours">What is looked at.</param>
/// <param name="time">The clock of every look.</param>
/// <param name="log">Tells what the role may not see.</param>
/// <param name="known">The ARN of our service deployment where it is known already.</param>
internal sealed class RolloutWatch(EcsClient ecs, OurRollout ours, TimeProvider time, ILogger log, string? known = null)
{
    /// <summary>A deployment that was over before it could be seen beside the service is looked for in the history.</summary>
    private static readonly TimeSpan BeforeHistory = TimeSpan.FromSeconds(10);

    /// <summary>The history of each service is a call of its own: two hundred rollouts that look there stay within the bucket.</summary>
    private static readonly TimeSpan BetweenHistory = TimeSpan.FromSeconds(15);

    private readonly HashSet<string> _notOurs = [.. ours.KnownServiceDeployments];
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _historyAfter = BeforeHistory;

    /// <summary>ECS has spoken of our deployment, and it stands there no more: it ended between two looks.</summary>
    private bool _sawItGone;

    /// <summary>Read beside the looks.</summary>
    public FailedTasks Tasks { get; } = new(ecs, ours, time, log);

    /// <summary>Null until it is found, or when the role may not see it.</summary>
    public string? ServiceDeployment { get; private set; } = known;

    public bool ServiceDeploymentsVisible { get; private set; } = true;

    /// <summary>ECS has ended our service deployment.</summary>
    public bool IsOver { get; private set; }

    private TimeSpan Elapsed => time.GetElapsedTime(_began);

    public async Task<Observation> LookAsync(CancellationToken token)
    {
        // Once it is known, both views are asked for at the same time.
        var seeing = ServiceDeployment is { } arn ? SeeAsync(() => ecs.FindServiceDeploymentAsync(arn, token)) : null;
        var service = await ecs.FindServiceAsync(ours.Before.ClusterArn, ours.Before.Name, token);
        var deployment = service is null || !ServiceDeploymentsVisible ? null : await (seeing ?? SeeAsync(() => SearchAsync(service, token)));
        return new Observation
        {
            Service = service,
            ServiceDeployment = deployment,
            ServiceDeploymentsVisible = ServiceDeploymentsVisible,
            FailedTasks = Tasks.Seen,
            Elapsed = Elapsed,
        };
    }

    private async Task<ServiceDeploymentState?> SeeAsync(Func<Task<ServiceDeploymentState?>> read)
    {
        try
        {
            var deployment = await read();
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
    private async Task<ServiceDeploymentState?> SearchAsync(ServiceState service, CancellationToken token)
    {
        if (service.Primary?.Id == ours.DeploymentId && service.CurrentServiceDeployment is { Length: > 0 } arn && !_notOurs.Contains(arn)
            && await TryAsync(arn, token) is { } current)
        {
            return current;
        }

        if (!IsTimeForHistory(service))
        {
            return null;
        }

        foreach (var brief in (await ecs.ListServiceDeploymentsAsync(service, 20, token)).Reverse().Where(item => !_notOurs.Contains(item.Arn)))
        {
            if (await TryAsync(brief.Arn, token) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private bool IsTimeForHistory(ServiceState service)
    {
        if (Elapsed >= _historyAfter)
        {
            _historyAfter = Elapsed + BetweenHistory;
            return true;
        }

        if (_sawItGone || service.Deployment(ours.DeploymentId) is not null || !service.Events.Any(item => item.Message.Contains(ours.DeploymentId, StringComparison.Ordinal)))
        {
            return false;
        }

        return _sawItGone = true;
    }

    /// <summary>The service deployment when it can be ours.</summary>
    private async Task<ServiceDeploymentState?> TryAsync(string arn, CancellationToken token)
    {
        if (await ecs.FindServiceDeploymentAsync(arn, token) is not { } deployment)
        {
            return null;
        }

        if (await BringsAsync(deployment.TargetRevision, token) is { } definition && definition != ours.TaskDefinition)
        {
            _notOurs.Add(arn);
            return null;
        }

        ServiceDeployment = arn;
        return deployment;
    }

    /// <summary>The task definition of a revision; null when the role may not see it, and when it does not say.</summary>
    private async Task<string?> BringsAsync(string? revision, CancellationToken token)
    {
        try
        {
            return revision is not null && await ecs.FindServiceRevisionAsync(revision, token) is { TaskDefinition.Length: > 0 } found
                ? found.TaskDefinition
                : null;
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return null;
        }
    }
}
