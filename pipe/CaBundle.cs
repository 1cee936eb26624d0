using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EcsDeploy;

/// <summary>Reads the certificates of CA_BUNDLE.</summary>
internal static class CaBundle
{
    public static X509Certificate2Collection Load(string? path)
    {
        var certificates = new X509Certificate2Collection();
        if (path is null)
        {
            return certificates;
        }

        try
        {
            certificates.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new NetworkSetupException($"CA_BUNDLE is '{path}', which could not be read: {e.Message} It must be a PEM file of certificates.", e);
        }

        return certificates.Count > 0
            ? certificates
            : throw new NetworkSetupException($"CA_BUNDLE is '{path}', which holds no certificate. It must be a PEM file of certificates.", null);
    }

    /// <summary>The bundle's authorities and the system's: whoever is given a list of his own asks no other.</summary>
    public static X509Certificate2Collection WithSystem(X509Certificate2Collection bundle)
    {
        var all = new X509Certificate2Collection(bundle);
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        system.Open(OpenFlags.ReadOnly);
        all.AddRange(system.Certificates);
        return all;
    }
}

/// <summary>The network cannot be set up as asked.</summary>
internal sealed class NetworkSetupException(string message, Exception? inner) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.Settings;
}
