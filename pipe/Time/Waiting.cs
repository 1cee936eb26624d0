namespace EcsDeploy.Time;

/// <summary>Every pause of the pipe: on the given clock, never on the real one by itself.</summary>
internal static class Waiting
{
    public static Task ForAsync(TimeSpan duration, TimeProvider time, CancellationToken token) => Task.Delay(duration, time, token);
}
