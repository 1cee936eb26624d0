using System.Net;
using System.Security.Cryptography.X509Certificates;
using Sandbox.Hosting;
using Sandbox.Tests.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Hosting;

/// <summary>Addresses, HTTPS, the program's arguments, and how the host treats its own faults.</summary>
public sealed class HostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HTTPS_is_trusted_by_who_trusts_its_authority_and_by_nobody_else()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Tls = true }, Token);
        var page = new Uri(sandbox.TlsEndpoint!, "/_sandbox/state");
        using var authority = X509CertificateLoader.LoadCertificateFromFile(sandbox.CaBundlePath!);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck };
        using var trusting = new HttpClient(handler);
        using var stranger = new HttpClient();

        Assert.Contains("accounts", await trusting.GetStringAsync(page, Token), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync(page, Token));
    }

    [Fact]
    public async Task Each_account_has_an_address_of_its_own_on_the_same_port()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var http = new HttpClient();

        foreach (var address in (string[])["127.0.0.1", "127.0.0.2", "127.0.0.3"])
        {
            using var answer = await http.GetAsync(new Uri($"http://{address}:{sandbox.Endpoint.Port}/v2/"), Token);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_data_folder_goes_with_the_sandbox()
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "sandbox-*").ToHashSet();
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Tls = true }, Token);
        var folder = Path.GetDirectoryName(sandbox.CaBundlePath)!;

        await sandbox.DisposeAsync();

        Assert.DoesNotContain(folder, before);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_world_that_is_none_is_not_started()
    {
        var world = DefaultWorld.Create();

        await Assert.ThrowsAsync<ArgumentException>(() => SandboxServer.StartAsync(new SandboxOptions { World = world with { Accounts = [world.Accounts[0], world.Accounts[0]] } }, Token));
    }

    [Fact]
    public async Task What_was_asked_is_on_record()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:user/admin"));
        var answer = await client.CallAsync("ecr", "DescribeRepositories", new() { ["newMember"] = 1 }, Token);

        var record = Assert.Single(sandbox.Requests);
        Assert.Equal("ecr:DescribeRepositories 200", record.ToString());
        Assert.Equal(["newMember"], record.UnknownMembers);
        Assert.Equal($"arn:aws:iam::{DefaultWorld.Dev}:user/admin", record.CallerArn);
        Assert.Equal((15, answer.Body.Length), (record.BytesIn, record.BytesOut));
    }

    [Theory]
    [InlineData("There is no argument --nonsense.", "--nonsense", "1")]
    [InlineData("--port has no value.", "--port")]
    [InlineData("--port is '99999'.", "--port", "99999")]
    [InlineData("--speed is '0'.", "--speed", "0")]
    [InlineData("--speed is 'fast'.", "--speed", "fast")]
    [InlineData("There is no file /no/such/world.yml.", "--world", "/no/such/world.yml")]
    public void A_wrong_argument_is_named(string message, params string[] arguments)
    {
        var error = Assert.Throws<FormatException>(() => CommandLine.Parse(arguments));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_say_how_the_sandbox_starts()
    {
        var options = CommandLine.Parse(["--port", "8080", "--speed", "10", "--data", "/tmp/blobs", "--tls", "--world", Path.Combine(AppContext.BaseDirectory, "world.example.yml")]);

        Assert.Equal((8080, "/tmp/blobs", true, "444444444444"), (options.Port, options.DataDirectory, options.Tls, options.World.Accounts[0].Id));
        Assert.NotSame(TimeProvider.System, options.Clock);
    }

    [Fact]
    public async Task The_greeting_says_all_that_one_needs()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var output = new StringWriter();

        Greeting.Write(output, sandbox);

        var text = output.ToString();
        Assert.Contains($"export AWS_ENDPOINT_URL=http://127.0.0.1:{sandbox.Endpoint.Port}", text, StringComparison.Ordinal);
        Assert.Contains("role arn:aws:iam::222222222222:role/deploy", text, StringComparison.Ordinal);
        Assert.Contains("export BITBUCKET_STEP_OIDC_TOKEN=ey", text, StringComparison.Ordinal);
    }
}
