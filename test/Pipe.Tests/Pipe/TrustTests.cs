using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Whom the program trusts, and that it leaves nothing behind when it ends early: seen from outside, since both hang on its environment.</summary>
public sealed class TrustTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trust-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, "bundle")]
    [InlineData(false, "bundle")]
    [InlineData(true, "system")]
    [InlineData(false, "system")]
    [InlineData(true, null)]
    [InlineData(false, null)]
    public async Task An_authority_of_the_bundle_is_trusted_and_one_of_the_system_beside_it(bool native, string? trusting)
    {
        await using var run = await ProgramRun.StartAsync(tls: true);
        var stranger = Path.Combine(_folder, "stranger.pem");
        await File.WriteAllTextAsync(stranger, Authority(), Token);
        foreach (var name in new[] { "PUBLISH_DIR", "BASE_IMAGE" })
        {
            run.Variables.Remove(name);
        }

        run.Variables["ACTION"] = "status";
        run.Variables["AWS_ENDPOINT_URL"] = run.Sandbox.TlsEndpoint!.AbsoluteUri;
        run.Variables["CA_BUNDLE"] = trusting == "bundle" ? run.Sandbox.CaBundlePath! : stranger;
        run.Variables["SSL_CERT_FILE"] = trusting == "system" ? run.Sandbox.CaBundlePath! : stranger;

        var end = await run.RunAsync(PipeProgram.OfKind(native), Token);

        Assert.Equal((trusting is null ? 3 : 0, ""), (end.Code, end.Errors));
        Assert.Equal(trusting is not null, end.Output.Contains("1 of 1 tasks run", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "CA_BUNDLE", "nowhere.pem", 2)]
    [InlineData(false, "CA_BUNDLE", "nowhere.pem", 2)]
    [InlineData(false, "DEPLOY_ROLE_ARN", "arn:aws:iam::222222222222:role/nobody", 3)]
    [InlineData(false, "REPORT", "false", 0)]
    public async Task No_folder_stays_behind(bool native, string variable, string value, int code)
    {
        await using var run = await ProgramRun.StartAsync();
        run.Variables["TMPDIR"] = _folder;
        run.Variables[variable] = value;

        var end = await run.RunAsync(PipeProgram.OfKind(native), Token);

        Assert.Equal(code, end.Code);
        Assert.Empty(Directory.GetDirectories(_folder));
    }

    private static string Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=A stranger", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.ExportCertificatePem();
    }
}
