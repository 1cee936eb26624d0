using System.Net;

namespace EcsDeploy;

/// <summary>HTTPS_PROXY with the exceptions of NO_PROXY, in the way curl reads them: names with their subdomains, addresses, networks, <c>*</c>.</summary>
internal sealed class ProxyRules : IWebProxy
{
    private readonly Uri _proxy;
    private readonly IReadOnlyList<string> _exceptions;

    public ProxyRules(Uri proxy, IReadOnlyList<string> exceptions)
    {
        _proxy = new UriBuilder(proxy) { UserName = null, Password = null }.Uri;
        _exceptions = exceptions;
        if (proxy.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var rest])
        {
            Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(rest.FirstOrDefault() ?? string.Empty));
        }
    }

    public ICredentials? Credentials { get; set; }

    public Uri GetProxy(Uri destination) => _proxy;

    public bool IsBypassed(Uri host) => host.IsLoopback || _exceptions.Any(exception => Matches(exception, host));

    private static bool Matches(string exception, Uri host)
    {
        if (exception == "*")
        {
            return true;
        }

        if (IPAddress.TryParse(host.DnsSafeHost, out var address))
        {
            return IPNetwork.TryParse(exception, out var network) ? network.Contains(address)
                : IPAddress.TryParse(exception, out var single) && single.Equals(address);
        }

        var colon = exception.LastIndexOf(':');
        var (name, port) = colon < 0 ? (exception, string.Empty) : (exception[..colon], exception[(colon + 1)..]);
        name = name.TrimStart('*').TrimStart('.');
        return (port.Length == 0 || port == host.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))
            && name.Length > 0
            && (host.DnsSafeHost.Equals(name, StringComparison.OrdinalIgnoreCase)
                || host.DnsSafeHost.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
    }
}
