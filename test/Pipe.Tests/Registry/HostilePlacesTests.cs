using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EcsDeploy;
using EcsDeploy.Registry;
using EcsDeploy.Settings;
using Sandbox;
using Sandbox.Ecr;
using Sandbox.Worlds;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Registry;

/// <summary>
/// A registry with a public name and a certificate that sends us to the machine's own services, or to the cloud's metadata: no connection is made. It is the
/// sandbox's, and only the connection itself is led to it.
/// </summary>
public sealed class HostilePlacesTests : IAsyncLifetime
{
    private const string Ecr = "111111111111.dkr.ecr.eu-west-1.amazonaws.com";

    private static readonly byte[] Content = [.. Enumerable.Range(0, 50_000).Select(number => (byte)number)];

    private readonly ConcurrentQueue<string> _connected = [];
    private SandboxServer _sandbox = null!;
    private HttpConnections _connections = null!;
    private HttpMessageInvoker _http = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { Tls = true }, Token);
        _connections = new HttpConnections(new NetworkSettings { CaBundle = _sandbox.CaBundlePath });
        var handler = _connections.CreateHandler();
        handler.ConnectCallback = async (context, token) =>
        {
            _connected.Enqueue(context.DnsEndPoint.Host);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, _sandbox.TlsEndpoint!.Port, token);
            return new NetworkStream(socket, ownsSocket: true);
        };
        _http = new HttpMessageInvoker(handler);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _connections.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Theory]
    [InlineData("https://169.254.169.254", "private address")]
    [InlineData("https://10.0.0.1", "private address")]
    [InlineData("https://[fe80::1]", "private address")]
    [InlineData("https://localhost", "private address")]
    [InlineData("http://uploads.example", "http is not https")]
    public async Task An_upload_does_not_go_on_there(string place, string reason)
    {
        (_sandbox.Registries.Habits.UploadLocation, _sandbox.Registries.Habits.UploadHost) = (LocationForm.OtherHost, new Uri(place));

        var failure = await Assert.ThrowsAsync<RegistryException>(() => Client(LoggedIn()).PushBlobAsync(RegistryBench.Blob(Content), Token));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.All(_connected, host => Assert.Equal(Ecr, host));
    }

    [Theory]
    [InlineData("https://169.254.169.254/token", "private address")]
    [InlineData("https://127.0.0.1/token", "private address")]
    [InlineData("http://tokens.example/token", "http is not https")]
    public async Task A_token_is_not_asked_for_there(string place, string reason)
    {
        _sandbox.Registries.Habits.TokenRealm = new Uri(place);
        var endpoint = RegistryEndpoint.Of(Ecr);
        var authorization = new ChallengeAuthorization(_http, endpoint, "shop", new RegistryLogin("user", new Secret("password")), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<RegistryException>(() => Client(authorization).WarmUpAsync(Token));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.All(_connected, host => Assert.Equal(Ecr, host));
    }

    // What is refused above would otherwise arrive.
    [Fact]
    public async Task The_same_registry_takes_an_upload_when_it_behaves()
    {
        await Client(LoggedIn()).PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.All(_connected, host => Assert.Equal(Ecr, host));
        Assert.Contains(_sandbox.Requests, request => request.Method == "PUT" && request.Status == HttpStatusCode.Created);
    }

    private BasicAuthorization LoggedIn() => new(_ => Task.FromResult(new RegistryLogin("AWS", new Secret(_sandbox.RegistryPasswordOf($"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push")))));

    private RegistryClient Client(IRegistryAuthorization authorization) => new(
        new RegistryTransport(_http, RegistryEndpoint.Of(Ecr), authorization, TimeProvider.System, Logger.None), new RegistryRetry(TimeProvider.System, Logger.None), "shop");
}
