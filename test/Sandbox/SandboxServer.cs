using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandbox.Bitbucket;
using Sandbox.Ecr;
using Sandbox.Ecs;
using Sandbox.Hosting;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox;

/// <summary>A running sandbox: AWS with several accounts, and Bitbucket, on loopback.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SandboxParts _parts;

    private SandboxServer(WebApplication app, SandboxParts parts, int port)
    {
        _app = app;
        _parts = parts;
        Endpoint = new Uri($"http://127.0.0.1:{port}");
    }

    /// <summary>For <c>AWS_ENDPOINT_URL</c>; the registry of the first account answers there too.</summary>
    public Uri Endpoint { get; }

    public World World => _parts.World;

    /// <summary>Everything that ECR holds, to look at and to change.</summary>
    public Registries Registries => _parts.Ecr.Registries;

    /// <summary>What ECS runs, and what its containers do.</summary>
    public EcsService Ecs => _parts.Ecs;

    /// <summary>What can be called: <c>ecs:CreateCluster</c>.</summary>
    public IEnumerable<string> Operations => _parts.Ecs.OperationNames.Select(name => $"ecs:{name}").Concat(_parts.Ecr.Service.Operations.Select(name => $"ecr:{name}"));

    /// <summary>Every request that was answered, oldest first.</summary>
    public IReadOnlyList<RequestRecord> Requests => _parts.Log.Requests;

    /// <summary>What the sandbox itself did wrong; a test that finds one here fails.</summary>
    public IReadOnlyList<string> Defects => _parts.Log.Defects;

    public static async Task<SandboxServer> StartAsync(SandboxOptions options, CancellationToken token)
    {
        var data = options.DataDirectory ?? Path.Combine(Path.GetTempPath(), $"sandbox-{Guid.NewGuid():N}");
        Directory.CreateDirectory(data);
        var parts = new SandboxParts(options, data);
        var sockets = LoopbackSockets.Bind(options.World.Accounts.Count, options.Port);
        var app = Host(sockets);
        Composition.Compose(app, parts);
        await app.StartAsync(token);
        var port = ((IPEndPoint)sockets[0].LocalEndPoint!).Port;
        parts.Ecr.Links.Address = new Uri($"http://localhost:{port}");
        return new SandboxServer(app, parts, port);
    }

    /// <summary>The long-lived keys of a user, or new keys for a session of a role, whatever its trust policy says.</summary>
    /// <param name="arn"><c>arn:aws:iam::A:user/name</c> or <c>arn:aws:iam::A:role/name</c>.</param>
    public AccessKeys KeysOf(string arn) => Principals.KeysOf(_parts, arn);

    /// <summary>A step's OIDC token, as it stands in <c>BITBUCKET_STEP_OIDC_TOKEN</c>.</summary>
    public string OidcToken(OidcTokenRequest request) => _parts.Issuer.Mint(request);

    /// <summary>Throws when the sandbox itself did something wrong, so that no test passes over it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _parts.Dispose();
        if (_parts.Options.DataDirectory is null)
        {
            Directory.Delete(_parts.DataDirectory, recursive: true);
        }

        if (Defects.Count > 0)
        {
            throw new InvalidOperationException($"The sandbox has defects:{Environment.NewLine}{string.Join(Environment.NewLine, Defects)}");
        }
    }

    private static WebApplication Host(IReadOnlyList<Socket> sockets)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.Configure<SocketTransportOptions>(transport =>
            transport.CreateBoundListenSocket = endpoint => sockets.First(socket => endpoint.Equals(socket.LocalEndPoint)));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            foreach (var socket in sockets)
            {
                kestrel.Listen(socket.LocalEndPoint!, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        return builder.Build();
    }
}
