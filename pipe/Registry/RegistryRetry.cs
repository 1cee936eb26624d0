using EcsDeploy.Time;
using Serilog;

namespace EcsDeploy.Registry;

/// <summary>Tries again what the error says is worth it; the one place that decides how often and after how long.</summary>
internal sealed class RegistryRetry(TimeProvider time, ILogger log)
{
    private const int Attempts = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);

    /// <summary>A registry that wants a longer pause than this is out of order; the step's time is better spent on saying so.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    public async Task<T> RunAsync<T>(Func<int, Task<T>> attempt, CancellationToken token)
    {
        for (var tried = 1; ; tried++)
        {
            RegistryException failure;
            try
            {
                return await attempt(tried);
            }
            catch (RegistryException transient) when (transient.IsTransient && tried < Attempts && PauseAfter(transient, tried) <= LongestPause)
            {
                failure = transient;
            }

            var pause = PauseAfter(failure, tried);
            log.Information("{Failure} Trying again in {Pause:0.0} s.", failure.Message, pause.TotalSeconds);
            await Waiting.ForAsync(pause, time, token);
        }
    }

    private static TimeSpan PauseAfter(RegistryException failure, int tried) => failure.RetryAfter ?? (FirstPause * Math.Pow(2, tried - 1));
}
