namespace Sandbox.Time;

/// <summary>A pause of the sandbox in the middle of an answer: the client's request does not keep a virtual clock still meanwhile.</summary>
public static class ServerPause
{
    public static async Task ForAsync(TimeSpan duration, TimeProvider time, CancellationToken token)
    {
        using (time is VirtualClock clock ? clock.Park() : null)
        {
            await Task.Delay(duration, time, token);
        }
    }
}
