using System.Runtime.ExceptionServices;

namespace EcsDeploy.Deployment;

/// <summary>The same work for several services at once: each is seen to its own end, whatever becomes of the others.</summary>
internal static class SideBySide
{
    public static async Task<IReadOnlyList<Ended<T, TResult>>> RunAsync<T, TResult>(IEnumerable<T> items, Func<T, Task<TResult>> work)
    {
        var running = items.Select(item => (Item: item, Task: work(item))).ToList();
        await Task.WhenAll(running.Select(one => (Task)one.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var ended = new List<Ended<T, TResult>>();
        foreach (var (item, task) in running)
        {
            // A cancellation and a defect are no matter of one item: they end the run.
            ended.Add(task.Exception?.InnerException is PipeException failure
                ? new Ended<T, TResult>(item, default, failure)
                : new Ended<T, TResult>(item, await task, null));
        }

        return ended;
    }

    /// <summary>The results where all went well.</summary>
    /// <exception cref="PipeException">What went wrong: of several all is told, and the gravest decides.</exception>
    public static IReadOnlyList<TResult> Results<T, TResult>(this IReadOnlyList<Ended<T, TResult>> ended)
    {
        var failures = ended.Select(one => one.Failure).OfType<PipeException>().ToList();
        var messages = failures.Select(failure => failure.Message).Distinct(StringComparer.Ordinal).ToList();
        if (messages.Count == 1)
        {
            ExceptionDispatchInfo.Throw(failures[0]);
        }

        return messages.Count == 0
            ? [.. ended.Select(one => one.Result!)]
            : throw new SeveralFailuresException(messages, Gravity.Gravest(failures.Select(failure => failure.ExitCode)), failures[0]);
    }

    /// <summary>The results, with another one in place of each failure; where nothing went well, as <see cref="Results"/>.</summary>
    public static async Task<IReadOnlyList<TResult>> ResultsOrAsync<T, TResult>(this IReadOnlyList<Ended<T, TResult>> ended, Func<T, PipeException, Task<TResult>> instead) =>
        ended.All(one => one.Failure is not null)
            ? ended.Results()
            : await Task.WhenAll(ended.Select(one => one.Failure is { } failure ? instead(one.Item, failure) : Task.FromResult(one.Result!)));
}

/// <summary>How the work for one item ended: with a result, or with what kept it from one.</summary>
internal sealed record Ended<T, TResult>(T Item, TResult? Result, PipeException? Failure);

/// <summary>More than one service could not be rolled, each for a reason of its own.</summary>
internal sealed class SeveralFailuresException(IReadOnlyList<string> messages, ExitCode exitCode, Exception inner) : PipeException(string.Join('\n', messages), inner)
{
    public override ExitCode ExitCode => exitCode;
}
