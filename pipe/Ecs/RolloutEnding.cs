using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Follows a rollout that was begun, or a word that was said to one, to its end; explains it, and goes back where that was asked for.</summary>
/// <param name="ecs">Calls in the target account.</param>
/// <param name="settings">How long to wait, and what to do about trouble.</param>
/// <param name="time">The clock of every wait.</param>
/// <param name="log">The story.</param>
/// <param name="logs">Where containers' last words are read; null reads none.</param>
internal sealed class RolloutEnding(EcsClient ecs, RolloutSettings settings, TimeProvider time, ILogger log, ContainerLogs? logs)
{
    /// <summary>A cancelled step has seconds left, not minutes.</summary>
    public static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(10);

    /// <param name="ours">What is followed.</param>
    /// <param name="known">The ARN of its service deployment; null where it is still to be found.</param>
    /// <param name="returning">ECS was asked to take it back: that is what should happen, and nothing is gone back from.</param>
    /// <param name="token">Ends the wait.</param>
    public async Task<Ending> FollowAsync(OurRollout ours, string? known, bool returning, CancellationToken token)
    {
        if (!settings.Wait)
        {
            return new Ending(new Verdict.Started { Serving = returning ? Serving.Unknown : Now(ours) }) { ServiceDeployment = known };
        }

        ecs.Touched.Follow(ours);
        var watch = new RolloutWatch(ecs, ours, time, log, known);
        try
        {
            var pursuit = new RolloutPursuit(watch, ours, time, log);
            var patience = RolloutPatience.Timeout(settings, ours.Before.Rules);
            var verdict = await pursuit.FollowAsync(patience, returning, token);
            var words = verdict.IsGood || (returning && verdict is Verdict.RolledBack) || logs is null
                ? []
                : await new LastWords(ecs, logs).OfAsync(ours.TaskDefinition, watch.Tasks.Seen, token);
            verdict = returning && verdict is Verdict.TimedOut ? verdict : await ReturnAsync(verdict, pursuit, watch, ours, token);
            ecs.Touched.End(ours, verdict);
            TellPause(verdict, ours.Before);
            return new Ending(verdict) { ServiceDeployment = watch.ServiceDeployment, ContainerLog = words };
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested && settings.OnCancel == AfterTrouble.Rollback && !returning)
        {
            using var last = new CancellationTokenSource(CancelTime, time);
            await new WayBack(ecs, time, log).StartAsync(ours, watch.ServiceDeployment, last.Token);
            throw;
        }
    }

    /// <summary>Where ECS did not go back by itself: goes back if that was asked for, and says how that ended.</summary>
    private async Task<Verdict> ReturnAsync(Verdict verdict, RolloutPursuit pursuit, RolloutWatch watch, OurRollout ours, CancellationToken token)
    {
        var (variable, wish) = verdict switch
        {
            // What ECS could not bring back, another update would not bring back either.
            Verdict.FailedNotRolledBack { RollbackFailed: true } => ("", AfterTrouble.Leave),
            Verdict.FailedNotRolledBack => ("ON_FAILURE", settings.OnFailure),
            Verdict.TimedOut => ("ON_TIMEOUT", settings.OnTimeout),
            _ => ("", AfterTrouble.Leave),
        };
        if (wish == AfterTrouble.Leave)
        {
            return verdict;
        }

        log.Warning(
            "{Service}: the rollout has {Ended}; going back to what ran before ({Variable}=rollback).",
            ours.Before.Name, verdict is Verdict.TimedOut ? "not ended in time" : "failed", variable);
        foreach (var reason in verdict.Reasons.Take(1))
        {
            log.Warning("{Service}: {Reason}", ours.Before.Name, reason);
        }

        var going = await new WayBack(ecs, time, log).StartAsync(ours, watch.IsOver ? null : watch.ServiceDeployment, token);
        if (going is Return.None(var why))
        {
            return verdict with { Reasons = [.. verdict.Reasons, why] };
        }

        // Taken back by ECS it is still the same rollout, and what was said of it is not said again.
        var patience = RolloutPatience.Timeout(settings, ours.Before.Rules);
        var end = going is Return.ByUpdate(var back)
            ? await new RolloutPursuit(new RolloutWatch(ecs, back, time, log), back, time, log).FollowAsync(patience, returning: false, token)
            : await pursuit.FollowAsync(patience, returning: true, token);
        return end is Verdict.Succeeded or Verdict.RolledBack
            ? new Verdict.RolledBack { Serving = Serving.Old, Reasons = verdict.Reasons }
            : verdict with { Reasons = [.. verdict.Reasons, $"Going back ended as: {end.Words}."], Serving = end.Serving };
    }

    /// <summary>What serves a moment after the word to ECS: what the service ran until then.</summary>
    private static Serving Now(OurRollout ours) =>
        ours.Before.Primary?.Id == ours.DeploymentId ? RunningVersions.Of(ours.Before).Serving
        : ours.Before.Deployments is [{ Running: > 0 }] ? Serving.Old
        : Serving.Unknown;

    private void TellPause(Verdict verdict, ServiceState service)
    {
        if (verdict is Verdict.Paused pause)
        {
            log.Warning("{Service}: the rollout is paused: {Wait}", service.Name, pause.Wait);
        }
    }
}

/// <summary>How a rollout that was followed ended.</summary>
internal sealed record Ending(Verdict Verdict)
{
    /// <summary>Its ARN; null when the role may not see it.</summary>
    public string? ServiceDeployment { get; init; }

    /// <summary>The last words of containers that failed.</summary>
    public IReadOnlyList<string> ContainerLog { get; init; } = [];
}
