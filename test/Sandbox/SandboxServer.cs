using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Sandbox.Bitbucket;
using Sandbox.Ecr;
using Sandbox.Ecs;
using Sandbox.Facts;
using Sandbox.Hosting;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox;

/// <summary>A running sandbox: AWS with several accounts, and Bitbucket, on loopback.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SandboxParts _parts;

    private SandboxServer(WebApplication app, SandboxParts parts, int port, int? securePort)
    {
        _app = app;
        _parts = parts;
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        TlsEndpoint = securePort is null ? null : new Uri($"https://127.0.0.1:{securePort}");
    }

    /// <summary>For <c>AWS_ENDPOINT_URL</c>; the registry of the first account answers there too.</summary>
    public Uri Endpoint { get; }

    /// <summary>The same by HTTPS; null when the options did not ask for it.</summary>
    public Uri? TlsEndpoint { get; }

    /// <summary>The PEM file of the authority that signed the certificate, for <c>AWS_CA_BUNDLE</c> and its like; null without HTTPS.</summary>
    public string? CaBundlePath => _parts.Tls is null ? null : _parts.CaBundlePath;

    public World World => _parts.World;

    /// <summary>Everything that ECR holds, to look at and to change.</summary>
    public Registries Registries => _parts.Ecr.Registries;

    /// <summary>What ECS runs, and what its containers do.</summary>
    public EcsService Ecs => _parts.Ecs;

    /// <summary>What can be called: <c>ecs:CreateCluster</c>. Of STS and CloudWatch Logs all that there are facts of.</summary>
    public IEnumerable<string> Operations =>
    [
        .. _parts.Ecs.OperationNames.Select(name => $"ecs:{name}"),
        .. _parts.Ecr.Service.Operations.Select(name => $"ecr:{name}"),
        .. ApiFacts.Find("sts")!.Operations.Keys.Select(name => $"sts:{name}"),
        .. ApiFacts.Find("logs")!.Operations.Keys.Select(name => $"logs:{name}"),
    ];

    /// <summary>What was given out and must show nowhere: secret keys, session tokens, registry passwords in both their forms.</summary>
    public IReadOnlyList<string> Secrets =>
    [
        .. _parts.Credentials.All.SelectMany(keys => new[] { keys.SecretAccessKey, keys.SessionToken }).OfType<string>(),
        .. _parts.Ecr.Tokens.All.SelectMany(token => new[] { token.Password, token.Encoded }),
    ];

    /// <summary>Every request that was answered, oldest first.</summary>
    public IReadOnlyList<RequestRecord> Requests => _parts.Log.Requests;

    /// <summary>What the sandbox itself did wrong; a test that finds one here fails.</summary>
    public IReadOnlyList<string> Defects => _parts.Log.Defects;

    /// <summary>Reports and annotations that were sent to Code Insights.</summary>
    public CodeInsights Insights => _parts.Insights;

    public static async Task<SandboxServer> StartAsync(SandboxOptions options, CancellationToken token)
    {
        if (WorldCheck.Fault(options.World) is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        var data = options.DataDirectory ?? Path.Combine(Path.GetTempPath(), $"sandbox-{Guid.NewGuid():N}");
        Directory.CreateDirectory(data);
        var parts = new SandboxParts(options, data);
        var plain = LoopbackSockets.Bind(options.World.Accounts.Count, options.Port);
        var secure = parts.Tls is null ? [] : LoopbackSockets.Bind(options.World.Accounts.Count, 0);
        parts.Ecr.Links.Address = new Uri($"http://localhost:{PortOf(plain)}");
        var app = LoopbackHost.Build(plain, secure, parts.Tls);
        Composition.Compose(app, parts);
        await app.StartAsync(token);
        return new SandboxServer(app, parts, PortOf(plain)!.Value, PortOf(secure));
    }

    /// <summary>The long-lived keys of a user, or new keys for a session of a role, whatever its trust policy says.</summary>
    /// <param name="arn"><c>arn:aws:iam::A:user/name</c> or <c>arn:aws:iam::A:role/name</c>.</param>
    public AccessKeys KeysOf(string arn) => Principals.KeysOf(_parts, arn);

    /// <summary>What goes with the user name AWS, for a principal as above.</summary>
    public string RegistryPasswordOf(string arn) => Principals.RegistryPasswordOf(_parts, arn);

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

    private static int? PortOf(IReadOnlyList<Socket> sockets) => sockets is [var first, ..] ? ((IPEndPoint)first.LocalEndPoint!).Port : null;
}
