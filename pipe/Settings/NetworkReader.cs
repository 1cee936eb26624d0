namespace EcsDeploy.Settings;

/// <summary>Reads how the network is reached.</summary>
internal static class NetworkReader
{
    private const string EndpointRule = "an https address (http only for this machine: loopback or the step's own host)";

    public static NetworkSettings Read(PipeVariables variables, IReadOnlyDictionary<string, string> environment, string clone)
    {
        string[] ownHosts = ["host.docker.internal", environment.GetValueOrDefault("BITBUCKET_DOCKER_HOST_INTERNAL", "localhost").Trim()];
        var network = new NetworkSettings();
        return network with
        {
            ReportProxy = variables.Parsed(VariableNames.ReportProxy, ProxyOf, "the address of Bitbucket's proxy such as http://localhost:29418") ?? network.ReportProxy,
            HttpsProxy = variables.Parsed(VariableNames.HttpsProxy, ProxyOf, "the address of a proxy such as http://proxy.example:3128"),
            NoProxy = variables.Find(VariableNames.NoProxy) is null ? [] : variables.Words(VariableNames.NoProxy),
            CaBundle = variables.Text(VariableNames.CaBundle) is { } bundle ? Path.Combine(clone, bundle) : null,
            Endpoint = Endpoint(VariableNames.Endpoint),
            ServiceEndpoints = VariableNames.ServiceEndpoints
                .Select(service => (service.Key, Address: Endpoint(service.Value)))
                .Where(service => service.Address is not null)
                .ToDictionary(service => service.Key, service => service.Address!, StringComparer.Ordinal),
            UseFips = variables.Flag(VariableNames.UseFips) ?? false,
            UseDualStack = variables.Flag(VariableNames.UseDualStack) ?? false,
        };

        Uri? Endpoint(string name) => variables.Parsed(name, text => EndpointOf(text, ownHosts), EndpointRule);
    }

    private static Uri? EndpointOf(string text, string[] ownHosts) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps
            || (address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || ownHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase))))
            ? address
            : null;

    // "proxy:3128" is how many write it, and what curl takes for http://proxy:3128.
    private static Uri? ProxyOf(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var proxy)
        && (proxy.Scheme == Uri.UriSchemeHttp || proxy.Scheme == Uri.UriSchemeHttps) && proxy.Host.Length > 0
            ? proxy
            : null;
}
