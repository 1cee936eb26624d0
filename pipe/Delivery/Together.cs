using System.Runtime.ExceptionServices;

namespace EcsDeploy.Delivery;

/// <summary>Work that runs beside each other and ends together: the first failure stops the rest, is waited for, and is the one that is reported.</summary>
internal sealed class Together
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop;
    private readonly List<Task> _watches = [];
    private ExceptionDispatchInfo? _first;

    private Together(CancellationTokenSource stop) => _stop = stop;

    /// <summary>Ends when anything failed, or the caller wants it.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Runs the body; when it returns, all that it started has ended.</summary>
    public static async Task<T> RunAsync<T>(Func<Together, Task<T>> body, CancellationToken token)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var together = new Together(stop);
        var main = together.Start(_ => body(together));
        for (var index = 0; together.WatchAt(index) is { } watch; index++)
        {
            await watch;
        }

        together._first?.Throw();
        return await main;
    }

    public Task<T> Start<T>(Func<CancellationToken, Task<T>> work)
    {
        var task = work(_stop.Token);
        var watch = WatchAsync(task);
        lock (_gate)
        {
            _watches.Add(watch);
        }

        return task;
    }

    /// <summary>For work that nobody awaits by itself.</summary>
    public void Also(Func<CancellationToken, Task> work) => _ = Start(async token =>
    {
        await work(token);
        return true;
    });

    private async Task WatchAsync(Task task)
    {
        await Task.WhenAny(task);
        // Cancelled although nobody wanted it to end: a limit inside has passed, which is a failure like any other.
        var failure = task.IsCanceled && !_stop.IsCancellationRequested ? new TaskCanceledException(task) : task.Exception?.InnerException;
        if (failure is not null)
        {
            lock (_gate)
            {
                _first ??= ExceptionDispatchInfo.Capture(failure);
            }

            await _stop.CancelAsync();
        }
    }

    private Task? WatchAt(int index)
    {
        lock (_gate)
        {
            return index < _watches.Count ? _watches[index] : null;
        }
    }
}
