using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;

namespace EcsDeploy.Aws;

/// <summary>How the SDK's runtime is set up: our addresses, our connections, no retries and no timeouts of its own, nothing from files or variables.</summary>
internal sealed class SdkConfig : ClientConfig
{
    public SdkConfig(string service, string region, AwsConnections connections)
        : base(new NoDefaults())
    {
        AuthenticationServiceName = service;
        Apply(this, service, region, connections);
    }

    public override string ServiceVersion => "2015-09-21";

    public override string UserAgent { get; } = InternalSDKUtils.BuildUserAgentString("dotnet-ecs-deploy", "0.1.0");

    public override string RegionEndpointServiceName => AuthenticationServiceName;

    /// <summary>The same for the SDK's own clients (STS).</summary>
    public static void Apply(ClientConfig config, string service, string region, AwsConnections connections)
    {
        config.IgnoreConfiguredEndpointUrls = true;
        config.ServiceURL = connections.AddressOf(service, region).ToString();
        config.AuthenticationRegion = region;
        config.EndpointProvider = new OneEndpoint(config.ServiceURL);
        config.HttpClientFactory = new OneHttpClient(connections.Http);
        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = 0;
        config.MaxStaleConnectionRetries = 0;
        config.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        config.AllowAutoRedirect = false;
        config.DisableLogging = true;
        config.DisableRequestCompression = true;
        config.UseDualstackEndpoint = false;
        config.UseFIPSEndpoint = false;
    }

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => EndpointProvider.ResolveEndpoint(null);

    private sealed class OneEndpoint(string address) : IEndpointProvider
    {
        public Endpoint ResolveEndpoint(EndpointParameters parameters) => new(address.TrimEnd('/'));
    }

    private sealed class OneHttpClient(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }

    private sealed class NoDefaults : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode) =>
            new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard };
    }
}
