using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sandbox.Worlds;

namespace Sandbox.Hosting;

/// <summary>A certificate authority that lives as long as its sandbox, and the certificate that it gives the sandbox.</summary>
internal static class TlsAuthority
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(30);

    /// <summary>The server's certificate; the authority's is written to <paramref name="bundle"/> as PEM.</summary>
    public static X509Certificate2 Create(World world, string bundle)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Sandbox authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        var begin = DateTimeOffset.UtcNow.AddHours(-1);
        using var authority = authorityRequest.CreateSelfSigned(begin, begin + Validity);
        File.WriteAllText(bundle, authority.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sandbox", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(world));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        using var signed = request.Create(authority, begin, begin + Validity - TimeSpan.FromHours(1), [1, .. RandomNumberGenerator.GetBytes(15)]);
        using var pair = signed.CopyWithPrivateKey(key);

        // SslStream cannot use a key that lives in memory only on every system; a PKCS #12 made on the spot works everywhere.
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>The loopback addresses, and the names that a client would use for AWS and Bitbucket.</summary>
    private static X509Extension Names(World world)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("api.bitbucket.org");
        names.AddDnsName("*.amazonaws.com");
        foreach (var service in new[] { "*", "*.ecr", "*.ecr-fips", "*.s3" })
        {
            names.AddDnsName($"{service}.{world.Region}.amazonaws.com");
        }

        names.AddDnsName($"*.{world.Region}.api.aws");
        for (var i = 0; i < world.Accounts.Count; i++)
        {
            names.AddIpAddress(new IPAddress([127, 0, 0, (byte)(i + 1)]));
            names.AddDnsName($"{world.Accounts[i].Id}.dkr.ecr.{world.Region}.amazonaws.com");
            names.AddDnsName($"{world.Accounts[i].Id}.dkr.ecr-fips.{world.Region}.amazonaws.com");
            names.AddDnsName($"{world.Accounts[i].Id}.dkr-ecr.{world.Region}.on.aws");
        }

        return names.Build();
    }
}
