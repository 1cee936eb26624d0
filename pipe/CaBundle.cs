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
}

/// <summary>The network cannot be set up as asked.</summary>
internal sealed class NetworkSetupException(string message, Exception? inner) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.Settings;
}
