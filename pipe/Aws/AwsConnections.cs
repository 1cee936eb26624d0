using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Aws;

/// <summary>What every client of AWS shares: connections, addresses, clock and log.</summary>
internal sealed class AwsConnections : IDisposable
{
    private readonly NetworkSettings _network;
    private readonly HttpMessageHandler _handler;

    public AwsConnections(HttpConnections connections, NetworkSettings network, TimeProvider time, ILogger log)
    {
        _network = network;
        _handler = connections.CreateHandler();
        (Time, Log) = (time, log);
        Http = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        Retry = new AwsRetry(time);
    }

    public HttpClient Http { get; }

    public AwsRetry Retry { get; }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public Uri AddressOf(string service, string region) =>
        _network.EndpointOf(service) ?? AwsEndpoints.Of(service, region, _network.UseFips, _network.UseDualStack);

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }
}
