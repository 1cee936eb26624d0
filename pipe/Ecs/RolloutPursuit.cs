using EcsDeploy.Aws;
using EcsDeploy.Outcomes;
using EcsDeploy.Time;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Follows one rollout to its end: looks, prints what is new, prints the verdict as soon as ECS has decided, explains it.</summary>
internal sealed class RolloutPursuit(RolloutWatch watch, OurRollout ours, TimeProvider time, ILogger log)
{
    private readonly RolloutProgress _progress = new(ours);
    private Observation? _last;

    /// <param name="patience">How long at most.</param>
    /// <param name="returning">ECS was asked to take it back: failures decide nothing any more.</param>
    /// <param name="token">Ends the wait.</param>
    public async Task<Verdict> FollowAsync(TimeSpan patience, bool returning, CancellationToken token)
    {
        var (began, follower, told) = (time.GetTimestamp(), new RolloutFollower(ours), returning);
        var outage = new Outage(ours.Before.Name, time, log);
        while (time.GetElapsedTime(began) is var elapsed && elapsed < patience)
        {
            await Waiting.ForAsync(RolloutPatience.Pause(elapsed, time), time, token);
            try
            {
                _last = await watch.LookAsync(token);
                outage.Over();
            }
            catch (AwsException fault) when (fault.IsTransient)
            {
                outage.Failed(fault);
                continue;
            }
            catch (PipeException fault)
            {
                // Also a session that ended and cannot be had again: the rollout goes on.
                return new Verdict.NotSeenToItsEnd { Reasons = fault.Message.Split('\n') };
            }

            if (await StepAsync(follower.Next(_last), told, returning, token) is { } verdict)
            {
                return verdict;
            }

            told |= follower.HasDecided;
            if (_last.Service is { } service)
            {
                watch.Tasks.Notice(service, token);
            }
        }

        return outage.Fault is not { } trouble
            ? await ExplainAsync(new Verdict.TimedOut { After = patience, Serving = _last is null ? Serving.Unknown : Traffic.Of(_last, ours) }, token)
            : new Verdict.NotSeenToItsEnd { Reasons = [$"ECS could not be asked any more: {trouble.Message}"] };
    }

    /// <summary>Says what a look brought; the verdict when it is over.</summary>
    private async Task<Verdict?> StepAsync(Step step, bool told, bool returning, CancellationToken token)
    {
        foreach (var line in _progress.News(_last!))
        {
            log.Information("{Service}: {News}", ours.Before.Name, line);
        }

        switch (step)
        {
            case Step.Ended(var verdict):
                // The verdict first: what explains it may take a while to be read.
                log.Information(
                    "{Service}: the rollout of {TaskDefinition} ended: {Verdict}.",
                    ours.Before.Name, TaskDefinition.ShortName(ours.TaskDefinition), verdict.Words);
                return await ExplainAsync(verdict, token);
            case Step.Judged(var verdict, var failures) when !returning:
                log.Warning(
                    "{Service}: {Failures} tasks failed, and nothing makes ECS call that a failure: the rollout has failed.",
                    ours.Before.Name, failures);
                return await ExplainAsync(verdict, token);
            case Step.Decided(var verdict) when !told:
                log.Warning("{Service}: the rollout has failed; ECS goes back. Waiting for the end of that.", ours.Before.Name);
                foreach (var reason in (await ExplainAsync(verdict, token)).Reasons.Take(1))
                {
                    log.Warning("{Service}: {Reason}", ours.Before.Name, reason);
                }

                return null;
            default:
                return null;
        }
    }

    private async Task<Verdict> ExplainAsync(Verdict verdict, CancellationToken token)
    {
        if (verdict.IsGood)
        {
            return verdict;
        }

        try
        {
            await watch.Tasks.ReadAsync(token);
        }
        catch (AwsException fault)
        {
            // The verdict stands without the tasks' last words.
            log.Debug("The stopped tasks could not be read, so they are missing among the reasons: {Message}", fault.AwsMessage);
        }

        return verdict with { Reasons = Diagnosis.Of(verdict, _last is null ? null : _last with { FailedTasks = watch.Tasks.Seen }, ours) };
    }
}
