namespace EcsDeploy.Ecs;

/// <summary>What our rollout is told apart by from everybody else's.</summary>
internal sealed record OurRollout
{
    /// <summary>The service just before the rollout began, or as it was found when a rollout in flight was adopted.</summary>
    public required ServiceState Before { get; init; }

    /// <summary>The id that UpdateService answered for the new PRIMARY deployment (<c>ecs-svc/…</c>): also <c>startedBy</c> of its tasks.</summary>
    public required string DeploymentId { get; init; }

    /// <summary>The ARN of the revision that is rolled.</summary>
    public required string TaskDefinition { get; init; }

    /// <summary>No task was wanted, by the service as it was or by what was asked of it.</summary>
    public bool WantsNoTasks { get; init; }

    /// <summary>A pause that was answered a moment ago and may still be seen; null when none was.</summary>
    public string? AnsweredHook { get; init; }

    /// <summary>ARNs of service deployments that stood there before: none of them is ours.</summary>
    public IReadOnlySet<string> KnownServiceDeployments { get; init; } = new HashSet<string>();

    /// <summary>Ids of deployments that stood there before, in the older view.</summary>
    public IEnumerable<string> KnownDeployments => Before.Deployments.Select(deployment => deployment.Id).Where(id => id != DeploymentId);
}

/// <summary>One look at our rollout.</summary>
internal sealed record Observation
{
    /// <summary>Null when ECS says that there is no such service.</summary>
    public required ServiceState? Service { get; init; }

    /// <summary>Null as long as it is not found, or when the role may not see it.</summary>
    public ServiceDeploymentState? ServiceDeployment { get; init; }

    /// <summary>The role may see service deployments, so that a missing one is only not found yet.</summary>
    public bool ServiceDeploymentsVisible { get; init; } = true;

    /// <summary>Tasks of ours that failed, as far as they were seen.</summary>
    public IReadOnlyList<TaskState> FailedTasks { get; init; } = [];

    /// <summary>Since the rollout began.</summary>
    public required TimeSpan Elapsed { get; init; }
}
