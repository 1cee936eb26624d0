using EcsDeploy.Names;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Aws;

/// <summary>What every client of AWS shares: connections, addresses, clock and log.</summary>
internal sealed class AwsConnections : IDisposable
{
    private readonly NetworkSettings _network;
    private readonly HttpMessageHandler? _handler;
    private readonly bool _fips;
    private readonly bool _dualStack;

    public AwsConnections(HttpConnections connections, NetworkSettings network, TimeProvider time, ILogger log)
    {
        _network = network;
        (_fips, _dualStack) = (network.UseFips, network.UseDualStack);
        _handler = connections.CreateHandler();
        (Time, Log) = (time, log);
        Http = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        Retry = new AwsRetry(time);
    }

    private AwsConnections(AwsConnections shared, bool fips, bool dualStack)
    {
        _network = shared._network;
        (_fips, _dualStack) = (shared._fips || fips, shared._dualStack || dualStack);
        (Http, Retry, Time, Log) = (shared.Http, shared.Retry, shared.Time, shared.Log);
    }

    public HttpClient Http { get; }

    public AwsRetry Retry { get; }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public Uri AddressOf(string service, string region) => _network.EndpointOf(service) ?? AwsEndpoints.Of(service, region, _fips, _dualStack);

    /// <summary>The same connections for the API of a registry: whoever names its FIPS or dual-stack host means that API's too. Needs no disposal of its own.</summary>
    public AwsConnections To(EcrRepository repository) => repository.Fips || repository.DualStack ? new AwsConnections(this, repository.Fips, repository.DualStack) : this;

    public void Dispose()
    {
        if (_handler is not null)
        {
            Http.Dispose();
            _handler.Dispose();
        }
    }
}
