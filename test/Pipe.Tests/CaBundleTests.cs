using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EcsDeploy;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests;

public sealed class CaBundleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ca-bundle-").FullName;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_server_of_the_bundles_authority_is_trusted_and_a_strangers_is_not()
    {
        using var certificate = SelfSigned();
        var bundle = Path.Combine(_folder, "bundle.pem");
        await File.WriteAllTextAsync(bundle, certificate.ExportCertificatePem(), Token);

        Assert.Equal("hello", await AskAsync(certificate, new NetworkSettings { CaBundle = bundle }));
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(certificate, new NetworkSettings()));
        Assert.Equal(HttpRequestError.SecureConnectionError, refusal.HttpRequestError);
    }

    [Fact]
    public void Child_programs_get_the_bundle_beside_the_systems_authorities()
    {
        using var certificate = SelfSigned();
        var bundle = Path.Combine(_folder, "bundle.pem");
        File.WriteAllText(bundle, certificate.ExportCertificatePem());
        using var connections = new HttpConnections(new NetworkSettings { CaBundle = bundle });
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        store.Open(OpenFlags.ReadOnly);

        var written = new X509Certificate2Collection();
        written.ImportFromPemFile(connections.WriteAuthorities(_folder)!);

        Assert.Contains(certificate.Thumbprint, written.Select(one => one.Thumbprint));
        Assert.Equal(store.Certificates.Select(one => one.Thumbprint).Append(certificate.Thumbprint).Order(), written.Select(one => one.Thumbprint).Order());
    }

    [Fact]
    public void Without_a_bundle_they_get_none()
    {
        using var connections = new HttpConnections(new NetworkSettings());

        Assert.Null(connections.WriteAuthorities(_folder));
    }

    [Theory]
    [InlineData(null, "could not be read")]
    [InlineData("not a certificate", "holds no certificate")]
    public void A_bundle_that_is_none_is_a_fault_of_the_settings(string? content, string expected)
    {
        var path = Path.Combine(_folder, "bundle.pem");
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        var fault = Assert.Throws<NetworkSetupException>(() => new HttpConnections(new NetworkSettings { CaBundle = path }));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Settings, fault.ExitCode);
    }

    private async Task<string> AskAsync(X509Certificate2 certificate, NetworkSettings network)
    {
        _listener.Start();
        var served = ServeAsync(certificate);
        using var connections = new HttpConnections(network);
        using var handler = connections.CreateHandler();
        using var http = new HttpClient(handler);
        try
        {
            return await http.GetStringAsync(new Uri($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/"), Token);
        }
        finally
        {
            _listener.Stop();
            await served;
        }
    }

    private async Task ServeAsync(X509Certificate2 certificate)
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync(Token);
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(certificate);
            await stream.ReadAtLeastAsync(new byte[1024], 1, cancellationToken: Token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"), Token);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException or SocketException)
        {
            // The client that does not trust the certificate hangs up.
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
