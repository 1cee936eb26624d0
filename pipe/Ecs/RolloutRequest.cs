using EcsDeploy.Outcomes;

namespace EcsDeploy.Ecs;

/// <summary>What is to be rolled onto one service.</summary>
internal sealed record RolloutRequest
{
    /// <summary>As it was last described.</summary>
    public required ServiceState Service { get; init; }

    /// <summary>The ARN of an ACTIVE revision.</summary>
    public required string TaskDefinition { get; init; }

    /// <summary>Null leaves the count to whoever set it, autoscaling above all.</summary>
    public int? DesiredCount { get; init; }

    /// <summary>The count that is to change; null when it stays. A daemon has one task on each machine, whatever is asked.</summary>
    public int? NewCount => DesiredCount is { } count && count != Service.DesiredCount && !Service.IsDaemon ? count : null;

    /// <summary>What the running tasks are held against; null when no image was chosen.</summary>
    public PushedImage? Image { get; init; }

    /// <summary>The containers that have <see cref="Image"/>.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];
}

/// <summary>What has to happen to a service so that it runs what was asked for: exactly one of the nested kinds.</summary>
internal abstract record RolloutDecision
{
    /// <summary>It runs already, steadily, with the image that was asked for.</summary>
    internal sealed record Nothing(Verdict Verdict) : RolloutDecision
    {
        /// <summary>What of that could not be seen.</summary>
        public IReadOnlyList<string> Remarks { get; init; } = [];
    }

    /// <summary>It runs already, and only the number of its tasks changes: ECS starts no rollout for that.</summary>
    internal sealed record Scale(int Count, string Why) : RolloutDecision;

    /// <summary>A rollout of the same definition is under way: it is followed instead of starting another one.</summary>
    internal sealed record Adopt(string DeploymentId) : RolloutDecision;

    /// <summary>UpdateService is needed; with force where the definition stays the same.</summary>
    internal sealed record Update(bool Force, string Why) : RolloutDecision;
}
