using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>Writes into the debug log what ran when, in milliseconds since the delivery began: what overlaps can be read from it.</summary>
internal sealed class Timeline(TimeProvider time, ILogger log)
{
    private readonly long _start = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public async Task<T> MeasureAsync<T>(string phase, Func<Task<T>> work)
    {
        var from = Elapsed;
        try
        {
            return await work();
        }
        finally
        {
            log.Debug("Timeline: {Phase} from {From:0} to {To:0} ms.", phase, from.TotalMilliseconds, Elapsed.TotalMilliseconds);
        }
    }

    public Task MeasureAsync(string phase, Func<Task> work) => MeasureAsync(
        phase,
        async () =>
        {
            await work();
            return true;
        });
}
