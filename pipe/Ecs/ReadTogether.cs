using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>
/// Lets reads that come together go together: what is asked while a call is under way, or waits for its turn, goes with the next one. A single
/// rollout never waits for company; two hundred of them need a tenth of the calls.
/// </summary>
/// <param name="most">As many as ECS takes in one call.</param>
/// <param name="read">The call; what is missing in its answer is not there.</param>
/// <param name="keyOf">What an item was asked by.</param>
internal sealed class ReadTogether<T>(
    int most, Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<T>>> read, Func<T, string> keyOf)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly List<Asked> _waiting = [];
    private bool _busy;

    /// <summary>Null when it is not there.</summary>
    public async Task<T?> GetAsync(string key, CancellationToken token)
    {
        var asked = new Asked(key, new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously));
        bool first;
        lock (_lock)
        {
            _waiting.Add(asked);
            first = !_busy;
            _busy = true;
        }

        if (first)
        {
            // Not awaited: whoever comes first would serve all who come later before it got its own answer.
            _ = EmptyAsync(token);
        }

        return await asked.Answer.Task.WaitAsync(token);
    }

    private async Task EmptyAsync(CancellationToken token)
    {
        while (Next() is { Count: > 0 } some)
        {
            var call = await CallAsync(some, token);
            if (call.Exception?.InnerException is AwsException && some.Count > 1)
            {
                // One that may not be read must not hide the others.
                foreach (var one in some)
                {
                    Answer([one], await CallAsync([one], token));
                }
            }
            else
            {
                Answer(some, call);
            }
        }
    }

    /// <summary>The call when it has ended, however it did.</summary>
    private async Task<Task<IReadOnlyList<T>>> CallAsync(List<Asked> some, CancellationToken token)
    {
        var call = read([.. some.Select(item => item.Key).Distinct()], token);
        await Task.WhenAny(call);
        return call;
    }

    private void Answer(List<Asked> some, Task<IReadOnlyList<T>> call)
    {
        foreach (var asked in some)
        {
            if (call.IsCompletedSuccessfully)
            {
                asked.Answer.SetResult(call.Result.FirstOrDefault(item => keyOf(item) == asked.Key));
            }
            else if (call.Exception?.InnerException is { } fault)
            {
                asked.Answer.SetException(fault);
            }
            else
            {
                asked.Answer.SetCanceled();
            }
        }
    }

    private List<Asked> Next()
    {
        lock (_lock)
        {
            var some = _waiting.Take(most).ToList();
            _waiting.RemoveRange(0, some.Count);
            _busy = some.Count > 0;
            return some;
        }
    }

    private sealed record Asked(string Key, TaskCompletionSource<T?> Answer);
}
