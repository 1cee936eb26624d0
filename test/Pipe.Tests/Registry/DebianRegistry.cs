using System.Diagnostics;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Registry;
using EcsDeploy.Settings;
using Pipe.Tests.Delivery;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Registry;

/// <summary>Debian's docker-registry (CNCF's distribution) on a port of its own, behind a user name and a password.</summary>
internal sealed class DebianRegistry : IAsyncDisposable
{
    private const string Program = "/usr/bin/docker-registry";
    private const string Passwords = "/usr/bin/htpasswd";
    private const string Ready = "listening on ";

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Process _process;

    private DebianRegistry(Process process, string host) => (_process, Host) = (process, host);

    public static RegistryLogin Login { get; } = new("reader", new Secret("a password"));

    public string Host { get; }

    public static async Task<DebianRegistry> StartAsync(string folder)
    {
        Outside.Need(Program);
        Directory.CreateDirectory(folder);
        var users = Path.Combine(folder, "users");
        await File.WriteAllTextAsync(users, await Outside.RunAsync(Passwords, folder, "-Bbn", Login.UserName, Login.Password.Reveal()));
        var settings = Path.Combine(folder, "registry.yml");
        await File.WriteAllTextAsync(settings, $$"""
            { "version": "0.1", "log": { "formatter": "text" }, "storage": { "filesystem": { "rootdirectory": "{{folder}}/data" } },
              "http": { "addr": "127.0.0.1:0" }, "auth": { "htpasswd": { "realm": "debian", "path": "{{users}}" } } }
            """);
        var process = Process.Start(new ProcessStartInfo(Program, ["serve", settings]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var line = "";
        while (!line.Contains(Ready, StringComparison.Ordinal))
        {
            line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("docker-registry ended.");
        }

        // Nobody reads its log, but it must not wait for a reader.
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return new DebianRegistry(process, line[(line.IndexOf(Ready, StringComparison.Ordinal) + Ready.Length)..].Split('"', ' ')[0]);
    }

    public RegistryClient Client(string repository)
    {
        var endpoint = RegistryEndpoint.Of(Host);
        var authorization = new ChallengeAuthorization(_http, endpoint, repository, Login, TimeProvider.System);
        return new RegistryClient(new RegistryTransport(_http, endpoint, authorization, TimeProvider.System, Logger.None), new RegistryRetry(TimeProvider.System, Logger.None), repository);
    }

    /// <summary>Copies an image with our own client, blob by blob, and tags it.</summary>
    public async Task<Digest> CopyAsync(RegistryClient source, string reference, string repository, string tag)
    {
        var token = TestContext.Current.CancellationToken;
        var client = Client(repository);
        var document = await source.GetManifestAsync(reference, token);
        foreach (var child in document.IsIndex ? ImageIndex.Parse(document.Content, document.MediaType).Manifests : [])
        {
            await CopyAsync(source, child.Digest.Text, repository, child.Digest.Text);
        }

        if (!document.IsIndex)
        {
            var manifest = ImageManifest.Parse(document.Content, document.MediaType);
            await Task.WhenAll(manifest.Layers.Append(manifest.Configuration).DistinctBy(blob => blob.Digest)
                .Select(blob => client.PushBlobAsync(new BlobSource(blob, inner => source.OpenBlobAsync(blob, inner)), token)));
        }

        await client.PutManifestAsync(tag, document, token);
        return document.Digest;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
