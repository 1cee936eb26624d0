using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EcsDeploy.Settings;

namespace EcsDeploy;

/// <summary>Makes every HTTP connection of the pipe: through the proxy that was asked for, trusting the CA bundle beside the system's authorities.</summary>
internal sealed class HttpConnections(NetworkSettings network) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    // Below the idle times of the load balancers before AWS's services, so that a kept connection is rarely one that was just closed.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    private readonly X509Certificate2Collection _bundle = CaBundle.Load(network.CaBundle);

    /// <summary>A handler of its own for one protocol; the caller disposes it. Redirects are the caller's business.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = IdleTimeout,
            ActivityHeadersPropagator = null,
            UseProxy = network.HttpsProxy is not null,
        };
        if (network.HttpsProxy is { } proxy)
        {
            handler.Proxy = new ProxyRules(proxy, network.NoProxy);
        }

        if (_bundle.Count > 0)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustBoth() };
        }

        return handler;
    }

    public void Dispose()
    {
        foreach (var certificate in _bundle)
        {
            certificate.Dispose();
        }
    }

    // .NET's custom trust replaces the system's authorities; so both go in.
    private X509ChainPolicy TrustBoth()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_bundle);
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        system.Open(OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        return policy;
    }
}
