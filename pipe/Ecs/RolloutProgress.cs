using System.Globalization;

namespace EcsDeploy.Ecs;

/// <summary>Turns looks at a rollout into news: a line when something changed, each new event once, and a line of life every five minutes.</summary>
internal sealed class RolloutProgress(OurRollout ours)
{
    private const int MostEventsAtOnce = 10;

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    private readonly HashSet<string> _events = [.. ours.Before.Events.Select(item => item.Id)];
    private string _state = "";
    private TimeSpan _spoken;

    /// <summary>The lines to print; none when nothing happened.</summary>
    public IReadOnlyList<string> News(Observation look)
    {
        if (look.Service is not { } service)
        {
            return [];
        }

        // The events first: they led to the state.
        var lines = NewEvents(service);
        var state = State(service, look.ServiceDeployment);
        if (state != _state)
        {
            _state = state;
            lines.Add(state);
        }

        if (lines.Count == 0 && look.Elapsed - _spoken >= Silence)
        {
            lines.Add($"Still waiting after {Minutes(look.Elapsed)}: {state}");
        }

        _spoken = lines.Count > 0 ? look.Elapsed : _spoken;
        return lines;
    }

    private List<string> NewEvents(ServiceState service)
    {
        var fresh = service.Events.Where(item => _events.Add(item.Id)).Reverse().ToList();
        var lines = fresh.TakeLast(MostEventsAtOnce).Select(item => $"ECS: {WithoutService(item.Message, service.Name)}").ToList();
        if (fresh.Count > MostEventsAtOnce)
        {
            lines.Insert(0, $"ECS: {fresh.Count - MostEventsAtOnce} earlier events");
        }

        return lines;
    }

    private string State(ServiceState service, ServiceDeploymentState? deployment)
    {
        var mine = service.Deployment(ours.DeploymentId);
        var others = service.Deployments.Where(item => item.Id != ours.DeploymentId).ToList();
        var target = service.Rules.IsRolling ? null : deployment?.Target;
        var (running, desired, pending) = target is null
            ? (mine?.Running ?? 0, mine?.Desired ?? service.DesiredCount, mine?.Pending ?? 0)
            : (target.Running, target.Requested, target.Pending);
        var old = target is null ? others.Sum(item => item.Running) : deployment!.Sources.Sum(item => item.Running);
        return string.Concat(
            deployment is { IsRollingBack: true } ? "rolling back, " : "",
            deployment?.Stage is { } stage && !service.Rules.IsRolling ? $"stage {stage}, " : "",
            desired > 0 ? $"new {running} of {desired} running" : $"new {running} running",
            pending > 0 ? $" and {pending} starting" : "",
            mine?.FailedTasks > 0 ? $" and {mine.FailedTasks} failed in a row" : "",
            $", old {old} running",
            target?.Traffic is { } percent ? $", {percent.ToString("0.#", CultureInfo.InvariantCulture)} % of the traffic to the new" : "");
    }

    private static string WithoutService(string message, string service)
    {
        var prefix = $"(service {service}) ";
        return message.StartsWith(prefix, StringComparison.Ordinal) ? message[prefix.Length..] : message;
    }

    private static string Minutes(TimeSpan time) => $"{Math.Round(time.TotalMinutes)} minutes";
}
