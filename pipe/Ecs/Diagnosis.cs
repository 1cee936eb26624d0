using EcsDeploy.Outcomes;

namespace EcsDeploy.Ecs;

/// <summary>Says why a rollout did not succeed: the likely cause first, in one sentence with what to do; then what ECS counted and said.</summary>
internal static class Diagnosis
{
    private const int MostGroups = 5;
    private const int MostEvents = 5;

    /// <summary>Events that tell of trouble (after Copilot's list), and no others.</summary>
    private static readonly string[] Troubled =
        ["fail", "unhealthy", "error", "throttl", "unable", "missing", "alarm", "rolling back", "insufficient"];

    /// <summary>Events that only say that it failed and goes back, which everything else here says better.</summary>
    private static readonly string[] Told = ["deployment failed: tasks failed to start", "rolling back to deployment"];

    public static IReadOnlyList<string> Of(Verdict verdict, Observation? look, OurRollout ours)
    {
        if (verdict.IsGood || look is null)
        {
            return verdict.Reasons;
        }

        var events = NewEvents(look, ours);
        var stops = look.FailedTasks.SelectMany(task => Causes(task).Select(cause => (Cause: cause, Task: task))).GroupBy(stop => stop.Cause, stop => stop.Task)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Sentence, StringComparer.Ordinal).ToList();
        var reasons = new List<string>(verdict.Reasons);
        var headline = Headline(look, [.. stops.Select(group => group.Key)], events);
        reasons.AddRange(headline is null ? [] : [headline]);
        reasons.AddRange(Monitors(look));
        reasons.AddRange(verdict is Verdict.FailedNotRolledBack { RollbackFailed: true } ? [Unreturned(look)] : []);
        reasons.AddRange(stops.Take(MostGroups).Select(group => $"{Counted(group.Count(), group.Key, headline)}{Example([.. group])}"));
        var known = reasons.Count > 0;
        reasons.AddRange(events.Where(text => !known || !Told.Any(words => text.Contains(words, StringComparison.Ordinal))).TakeLast(MostEvents).Select(text => $"ECS said: {text}"));
        return [.. reasons.Distinct()];
    }

    /// <summary>An event that is more than the story of a rollout that goes well.</summary>
    public static bool TellsOfTrouble(string message) => Troubled.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why one task stopped, the likely cause first.</summary>
    public static IReadOnlyList<string> CausesOf(TaskState task)
    {
        var causes = Causes(task).OrderBy(cause => cause.Explanation is null).ToList();
        var headline = causes is [{ Explanation: { } explanation }, ..] ? Sentence(explanation) : null;
        return [.. headline is null ? [] : (string[])[headline], .. causes.Select(cause => Counted(1, cause, headline))];
    }

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}.";

    private static string? Headline(Observation look, IReadOnlyList<Cause> stops, IReadOnlyList<string> events)
    {
        var known = stops.FirstOrDefault(cause => cause.Explanation is not null)?.Explanation
            ?? events.Reverse().Select(StopCauses.Explain).FirstOrDefault(meaning => meaning is not null);
        if (known is not null)
        {
            return Sentence(known);
        }

        if (look.ServiceDeployment is { AlarmTriggered: true } deployment)
        {
            return $"Alarm {string.Join(", ", deployment.TriggeredAlarms)} went off: what it watches became worse with the new version.";
        }

        return look.ServiceDeployment?.Hooks.FirstOrDefault(hook => hook.Status is "FAILED" or "TIMED_OUT") is { } hook
            ? $"Lifecycle hook {hook.Target ?? hook.Id} {(hook.Status == "FAILED" ? "failed" : "was not answered in time")}."
            : null;
    }

    /// <summary>What made ECS decide.</summary>
    private static IEnumerable<string> Monitors(Observation look)
    {
        var deployment = look.ServiceDeployment;
        if (deployment is { BreakerTriggered: true })
        {
            yield return $"The circuit breaker counted {deployment.BreakerFailures} of {deployment.BreakerThreshold} failures.";
        }

        if (deployment is { AlarmTriggered: true, TriggeredAlarms.Count: > 0 })
        {
            yield return $"Alarms that went off: {string.Join(", ", deployment.TriggeredAlarms)}.";
        }

        // That the breaker did it is said above, with its count.
        foreach (var said in new[] { deployment?.StatusReason, deployment?.RollbackReason }.OfType<string>().Distinct()
            .Where(said => deployment is not { BreakerTriggered: true } || !said.Contains("circuit breaker threshold", StringComparison.OrdinalIgnoreCase)))
        {
            yield return $"ECS said: {said}";
        }
    }

    /// <summary>How far ECS came on its way back.</summary>
    private static string Unreturned(Observation look) => look.Service?.Primary is { } back
        ? $"ECS went back to {TaskDefinition.ShortName(back.TaskDefinition)}, and that failed too: {back.Running} of {back.Desired} tasks run."
        : "ECS went back, and that failed too.";

    /// <summary>What the headline has explained is not explained again.</summary>
    private static string Counted(int count, Cause cause, string? headline) =>
        $"{count} {(count == 1 ? "task" : "tasks")} stopped: {(cause.Explanation is { } known && Sentence(known) == headline ? cause.Brief : cause.Sentence)}";

    /// <summary>One to look at: the latest, since what is long gone can no longer be described.</summary>
    private static string Example(IReadOnlyList<TaskState> tasks) =>
        $" ({(tasks.Count == 1 ? "task" : "for example task")} {tasks.OrderByDescending(task => task.StoppedAt).First().Id})";

    /// <summary>A stopped task's causes: one for each container that tells something, else the task's own.</summary>
    private static IEnumerable<Cause> Causes(TaskState task)
    {
        var reason = task.StoppedReason ?? "no reason was given";
        var tasks = StopCauses.Explain(reason);
        var telling = task.Containers
            .Where(container => container.ExitCode is not null and not 0 || container.Reason is not null || (container.ExitCode == 0 && tasks is null))
            .ToList();
        if (tasks is not null || telling.Count == 0)
        {
            return [new Cause(reason, reason, tasks)];
        }

        return telling.Select(container => Cause(container, task));
    }

    private static Cause Cause(ContainerState container, TaskState task)
    {
        var meaning = (container.Reason is { } said ? StopCauses.Explain(said) : null)
            ?? (container.ExitCode is null ? null : $"{ExitMeaning.Of(container, task.Memory)}");
        var end = $"container {container.Name}{(container.ExitCode is { } code ? $" exited with {code}" : " did not start")}";
        var reason = container.Reason is { } text ? $" ({text})" : "";
        return new Cause($"{end}{(meaning is null ? "" : $": {meaning}")}{reason}", $"{end}{reason}", meaning is null ? null : $"container {container.Name}{(container.ExitCode is { } exit ? $" exited with {exit}" : "")}: {meaning}");
    }

    private static IReadOnlyList<string> NewEvents(Observation look, OurRollout ours)
    {
        var old = ours.Before.Events.Select(item => item.Id).ToHashSet();
        return [.. (look.Service?.Events ?? [])
            .Where(item => !old.Contains(item.Id) && TellsOfTrouble(item.Message))
            .Reverse()
            .Select(item => item.Message)];
    }
}

/// <summary>Why a task stopped: what to say of it, the same without what it means, and what it means where that is known.</summary>
internal sealed record Cause(string Sentence, string Brief, string? Explanation);
