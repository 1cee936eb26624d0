namespace Sandbox.Ecs.Engine;

/// <summary>A token bucket: full at first, refilled steadily up to its burst.</summary>
public sealed class TokenBucket(int burst, double perSecond)
{
    private double _tokens = burst;
    private DateTimeOffset _at = DateTimeOffset.MinValue;

    /// <summary>Takes up to <paramref name="wanted"/> tokens; answers how many there were.</summary>
    public int Take(DateTimeOffset now, int wanted)
    {
        if (_at != DateTimeOffset.MinValue)
        {
            _tokens = Math.Min(burst, _tokens + ((now - _at).TotalSeconds * perSecond));
        }

        _at = now;
        var taken = Math.Min(wanted, (int)(_tokens + 1e-9));
        _tokens -= taken;
        return taken;
    }
}
