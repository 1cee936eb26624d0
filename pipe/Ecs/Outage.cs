using EcsDeploy.Aws;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Tells of looks that fail one after the other: once it is no hiccup any more, then every five minutes, and when ECS answers again.</summary>
internal sealed class Outage(string service, TimeProvider time, ILogger log)
{
    /// <summary>So many failures in a row, each with its own repeats, are an outage.</summary>
    private const int Hiccups = 3;

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    private int _failures;
    private long _began;
    private long _spoken;

    /// <summary>What the last look came back with; null when it saw something.</summary>
    public AwsException? Fault { get; private set; }

    public void Failed(AwsException fault)
    {
        log.Debug("A look at the rollout failed and is repeated: {Message}", fault.AwsMessage);
        Fault = fault;
        if (_failures++ == 0)
        {
            _began = time.GetTimestamp();
        }

        if (_failures == Hiccups || (_failures > Hiccups && time.GetElapsedTime(_spoken) >= Silence))
        {
            _spoken = time.GetTimestamp();
            log.Warning(
                "{Service}: for {Seconds} seconds ECS has not said how the rollout stands; asking on until the wait is over. {Operation} came back with: {Message}",
                service, Since(_began), fault.Operation, fault.AwsMessage);
        }
    }

    public void Over()
    {
        if (_failures >= Hiccups)
        {
            log.Information("{Service}: ECS answers again after {Seconds} seconds.", service, Since(_began));
        }

        (_failures, Fault) = (0, null);
    }

    private int Since(long moment) => (int)Math.Round(time.GetElapsedTime(moment).TotalSeconds);
}
