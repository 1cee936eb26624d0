using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>
/// Lets reads that come together go together: what is asked while a call is under way goes with the next one, and as soon as there is enough for a
/// full call, that one goes at once. A single rollout never waits for company; two hundred of them need a tenth of the calls.
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
    private int _underWay;

    /// <summary>Null when it is not there.</summary>
    public async Task<T?> GetAsync(string key, CancellationToken token)
    {
        var asked = new Asked(key, new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously), token);
        if (Enter(asked) is { } some)
        {
            // Not awaited: whoever comes first would serve all who come later before it got its own answer.
            _ = ServeAsync(some);
        }

        return await asked.Answer.Task.WaitAsync(token);
    }

    private async Task ServeAsync(List<Asked> first)
    {
        for (var some = first; some is not null; some = Leave())
        {
            var call = await CallAsync(some);
            if (call.Exception?.InnerException is AwsException && some.Count > 1)
            {
                // One that may not be read must not hide the others.
                foreach (var one in some)
                {
                    Answer([one], await CallAsync([one]));
                }
            }
            else
            {
                Answer(some, call);
            }
        }
    }

    /// <summary>The call when it has ended, however it did. It is given up only when nobody waits for it any more: one caller's end is not the others'.</summary>
    private async Task<Task<IReadOnlyList<T>>> CallAsync(List<Asked> some)
    {
        using var given = new CancellationTokenSource();
        var left = some.Count;
        var ends = some.Select(asked => asked.Token.Register(() =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                given.Cancel();
            }
        })).ToList();
        var call = read([.. some.Select(item => item.Key).Distinct()], given.Token);
        await Task.WhenAny(call);
        foreach (var end in ends)
        {
            await end.DisposeAsync();
        }

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

    /// <summary>What goes now: everything when nothing is under way, a full call as soon as there is one; null means that it waits for company.</summary>
    private List<Asked>? Enter(Asked asked)
    {
        lock (_lock)
        {
            _waiting.Add(asked);
            if (_underWay > 0 && _waiting.Count < most)
            {
                return null;
            }

            _underWay++;
            return Take();
        }
    }

    /// <summary>A call has ended: what has waited for that goes; null when nobody did.</summary>
    private List<Asked>? Leave()
    {
        lock (_lock)
        {
            if (_waiting.Count > 0)
            {
                return Take();
            }

            _underWay--;
            return null;
        }
    }

    private List<Asked> Take()
    {
        var some = _waiting.Take(most).ToList();
        _waiting.RemoveRange(0, some.Count);
        return some;
    }

    private sealed record Asked(string Key, TaskCompletionSource<T?> Answer, CancellationToken Token);
}
