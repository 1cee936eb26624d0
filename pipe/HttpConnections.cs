using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EcsDeploy.Settings;

namespace EcsDeploy;

/// <summary>Makes every HTTP connection of the pipe: through the proxy that was asked for, trusting the CA bundle beside the system's authorities.</summary>
internal sealed class HttpConnections(NetworkSettings network) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    // Below the idle times of the load balancers before AWS's services, so that a kept connection is rarely one that was just closed.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Extended key usage of RFC 5280, 4.2.1.12: what a server's certificate must be good for.</summary>
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection _bundle = CaBundle.Load(network.CaBundle);

    /// <summary>
    /// Begins to read the system's authorities, which .NET keeps for the process: that takes longer than all else before the first request, and so runs
    /// beside it. Not where a stand-in is asked without TLS.
    /// </summary>
    public void ReadAhead()
    {
        if (network.Endpoint?.Scheme != Uri.UriSchemeHttp)
        {
            _ = Task.Run(() =>
            {
                using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
                store.Open(OpenFlags.ReadOnly);
                return store.Certificates.Count;
            });
        }
    }

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
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustBundle(), RemoteCertificateValidationCallback = IsTrusted };
        }

        return handler;
    }

    /// <summary>Writes all authorities to trust into a file for child programs; null when those of the system are all.</summary>
    public string? WriteAuthorities(string folder)
    {
        if (_bundle.Count == 0)
        {
            return null;
        }

        var path = Path.Combine(folder, "authorities.pem");
        File.WriteAllText(path, CaBundle.WithSystem(_bundle).ExportCertificatePems() + "\n");
        return path;
    }

    public void Dispose()
    {
        foreach (var certificate in _bundle)
        {
            certificate.Dispose();
        }
    }

    private X509ChainPolicy TrustBundle()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_bundle);
        return policy;
    }

    // .NET's custom trust replaces the system's authorities. They are asked only where the bundle does not answer for a server: reading them all takes
    // longer than the pipe's whole start.
    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server || chain is null)
        {
            return errors == SslPolicyErrors.None;
        }

        using var system = new X509Chain { ChainPolicy = { RevocationMode = X509RevocationMode.NoCheck } };
        system.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        system.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        system.ChainPolicy.ExtraStore.AddRange(_bundle);
        return system.Build(server);
    }
}
