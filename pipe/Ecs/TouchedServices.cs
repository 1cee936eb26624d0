using System.Text.Json.Nodes;
using EcsDeploy.Outcomes;

namespace EcsDeploy.Ecs;

/// <summary>What this run did to which service and how far that was seen: all that can be told when a run is cut off before its outcome.</summary>
internal sealed class TouchedServices
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Touch> _touches = new(StringComparer.Ordinal);

    public bool Any
    {
        get
        {
            lock (_lock)
            {
                return _touches.Count > 0;
            }
        }
    }

    /// <summary>A sentence for each service, by its name: what was begun, what may serve, what to do.</summary>
    public IReadOnlyList<string> Words
    {
        get
        {
            lock (_lock)
            {
                return [.. _touches.OrderBy(touch => touch.Key, StringComparer.Ordinal).Select(touch => $"{touch.Key}: {touch.Value.Words}")];
            }
        }
    }

    /// <summary>ECS took a request that changes a service, or nobody knows whether it did.</summary>
    public void Note(string operation, JsonObject input)
    {
        if (operation == "UpdateService")
        {
            Change($"{Last(input.Text("cluster") ?? "")}/{input.Text("service")}", before => Updated(before, input.Text("taskDefinition")));
        }
        else
        {
            // Of arn:aws:ecs:region:account:service-deployment/cluster/service/id.
            var path = (input.Text("serviceDeploymentArn") ?? "").Split('/');
            var goesOn = input.Text("action") == "CONTINUE";
            Change(string.Join('/', path[1..^1]), before => goesOn ? before : before with { GoesBack = true, End = null });
        }
    }

    /// <summary>A rollout is followed, also one that an earlier run began.</summary>
    public void Follow(OurRollout ours) => Change(NameOf(ours), before => before with { Followed = before.Followed ?? TaskDefinition.ShortName(ours.TaskDefinition) });

    public void End(OurRollout ours, Verdict verdict)
    {
        if (verdict is not (Verdict.Paused or Verdict.TimedOut or Verdict.NotSeenToItsEnd))
        {
            Change(NameOf(ours), before => before with { End = verdict.Words });
        }
    }

    private void Change(string service, Func<Touch, Touch> change)
    {
        lock (_lock)
        {
            _touches[service] = change(_touches.GetValueOrDefault(service) ?? new Touch());
        }
    }

    /// <summary>A second revision after ours is the one that ran before.</summary>
    private static Touch Updated(Touch before, string? definition) =>
        definition is null ? before
        : before.Rolled is { } rolled && rolled != Last(definition) ? before with { GoesBack = true, End = null }
        : new Touch { Rolled = Last(definition) };

    private static string NameOf(OurRollout ours) => $"{ours.Before.ClusterName}/{ours.Before.Name}";

    private static string Last(string arn) => TaskDefinition.ShortName(arn);

    private sealed record Touch
    {
        /// <summary>The revision that this run rolled; null when it rolled none.</summary>
        public string? Rolled { get; init; }

        public string? Followed { get; init; }

        public bool GoesBack { get; init; }

        public string? End { get; init; }

        public string Words => this switch
        {
            { End: { } end } => $"the rollout{Of} ended: {end}; only what comes after it was cut off. Run the step again to go on",
            { GoesBack: true, Rolled: null } => $"ECS was asked to take the rollout{Of} back, which was not seen to its end, so both versions may serve. ACTION=status tells how that ends",
            { GoesBack: true } => $"the rollout{Of} is being taken back, which was not seen to its end, so both versions may serve. ACTION=status tells how that ends; running this step again would roll the new version once more",
            _ => $"a rollout{Of} was begun and not seen to its end, so both versions may serve. Run the step again to follow it, or ACTION=rollback to go back",
        };

        private string Of => (Rolled ?? Followed) is { } definition ? $" of {definition}" : "";
    }
}
