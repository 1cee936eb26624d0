using EcsDeploy;
using EcsDeploy.Aws;
using EcsDeploy.Logging;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Sandbox;
using Sandbox.Bitbucket;
using Sandbox.Faults;
using Sandbox.Time;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Aws;

/// <summary>Identities of the pipe against a sandbox of their own, on one clock.</summary>
internal sealed class SandboxAccess : IAsyncDisposable
{
    private readonly StringWriter _output = new();
    private readonly Redactor _redactor = new();
    private readonly PipeLog _log;
    private readonly HttpConnections _http;
    private readonly AwsConnections _connections;
    private readonly List<Identities> _identities = [];

    private SandboxAccess(SandboxServer sandbox, VirtualClock clock, FaultPlan faults)
    {
        (Sandbox, Clock, Faults) = (sandbox, clock, faults);
        _log = new PipeLog(_output, _redactor);
        var network = new NetworkSettings { Endpoint = sandbox.Endpoint };
        _http = new HttpConnections(network);
        _connections = new AwsConnections(_http, network, clock, _log.Logger);
    }

    public SandboxServer Sandbox { get; }

    public VirtualClock Clock { get; }

    public FaultPlan Faults { get; }

    public string Log => _output.ToString();

    public static async Task<SandboxAccess> StartAsync(Func<World, World>? change = null)
    {
        var clock = new VirtualClock();
        var faults = new FaultPlan();
        var world = DefaultWorld.Create();
        var options = new SandboxOptions { World = change?.Invoke(world) ?? world, Clock = clock, Faults = faults };
        return new SandboxAccess(await SandboxServer.StartAsync(options, TestContext.Current.CancellationToken), clock, faults);
    }

    public static Arn Role(string account, string name) => Arn.Parse($"arn:aws:iam::{account}:role/{name}");

    public Secret Token(OidcTokenRequest? request = null) => new(Sandbox.OidcToken(request ?? new OidcTokenRequest()));

    /// <summary>With both roles of the default world, entered by a token for a step that deploys to dev.</summary>
    public Identities Identities(Func<IdentitySettings, IdentitySettings>? change = null)
    {
        var settings = Some.Settings() with
        {
            OidcToken = Token(),
            EcrRole = Role(DefaultWorld.Registry, "ecr-push"),
            DeployRole = Role(DefaultWorld.Dev, "deploy"),
        };
        var identities = new Identities(change?.Invoke(settings) ?? settings, null, _connections, _redactor);
        _identities.Add(identities);
        return identities;
    }

    /// <summary>Runs as a participant of the clock: pauses pass as soon as all wait.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        using var entered = Clock.Enter("pipe");
        return await work();
    }

    public async ValueTask DisposeAsync()
    {
        _identities.ForEach(identities => identities.Dispose());
        _connections.Dispose();
        _http.Dispose();
        _log.Dispose();
        await _output.DisposeAsync();
        await Sandbox.DisposeAsync();
        Clock.Dispose();
    }
}
