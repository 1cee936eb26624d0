using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EcsDeploy;
using EcsDeploy.Aws;
using EcsDeploy.Deployment;
using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Sandbox;
using Sandbox.Time;
using Sandbox.Worlds;
using Serilog;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>The sandbox's ECS on a virtual clock, and the pipe's ECS half before it as the dev account's deploy role.</summary>
internal sealed class RolloutBench : IAsyncDisposable
{
    public const string Repository = $"{DefaultWorld.Registry}.dkr.ecr.eu-west-1.amazonaws.com/shop";

    private readonly HttpConnections _connections;
    private readonly AwsConnections _aws;
    private readonly AwsJsonClient _client;
    private readonly AwsJsonClient _logs;
    private readonly Logged _log;
    private readonly ConcurrentQueue<SentCall> _sent = new();

    private RolloutBench(SandboxServer sandbox, VirtualClock clock)
    {
        (Sandbox, Clock) = (sandbox, clock);
        _log = new Logged(clock);
        Log = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(_log).CreateLogger();
        var network = new NetworkSettings { Endpoint = sandbox.Endpoint };
        _connections = new HttpConnections(network);
        _aws = new AwsConnections(_connections, network, clock, Log);
        var keys = sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:role/deploy");
        var session = new AwsSession { Keys = new AwsKeys(keys.AccessKeyId, new Secret(keys.SecretAccessKey), keys.SessionToken is { } token ? new Secret(token) : null) };
        _client = new AwsJsonClient("ecs", "eu-west-1", AwsIdentity.Of(session, clock), _aws);
        _logs = new AwsJsonClient("logs", "eu-west-1", AwsIdentity.Of(session, clock), _aws);
        Ecs = new EcsClient(Kept(_client.CallAsync), Kept(_client.CallOnceAsync), new CallBudget(clock));
        Logs = new ContainerLogs(_logs);
        Definitions = NewDefinitions();
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public SandboxServer Sandbox { get; }

    public VirtualClock Clock { get; }

    public EcsClient Ecs { get; }

    public ContainerLogs Logs { get; }

    public TaskDefinitions Definitions { get; }

    public ServicePlanner Planner => new(new ServiceSearch(Ecs, "the dev account"), Definitions, Log);

    public ILogger Log { get; }

    public IReadOnlyList<string> Lines => [.. _log.Lines.Select(line => line.Text)];

    /// <summary>The same, each with its moment.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Text)> TimedLines => _log.Lines;

    /// <summary>Every call that went to ECS, repeats within a call left out.</summary>
    public IReadOnlyCollection<SentCall> Sent => _sent;

    public static async Task<RolloutBench> StartAsync(Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var clock = new VirtualClock();
        var world = DefaultWorld.Create();
        var options = new SandboxOptions { Clock = clock, World = world with { Repositories = [world.Repositories[0] with { SampleTags = ["1", "2"] }] } };
        return new RolloutBench(await SandboxServer.StartAsync(change?.Invoke(options) ?? options, Token), clock);
    }

    /// <summary>One run of the pipe's ECS half: look, edit, register, decide, roll, follow.</summary>
    public async Task<RolloutOutcome> RollAsync(string tag, RolloutSettings? settings = null, ServiceSettings? service = null, TimeSpan? after = null, CancellationToken? token = null)
    {
        using var participant = Clock.Enter("pipe");
        await Task.Delay(after ?? TimeSpan.Zero, Clock, Token);
        var wanted = service ?? new ServiceSettings { Cluster = "dev", Name = "shop" };
        var state = (await new ServiceSearch(Ecs, "the dev account").GetAsync([wanted], Token))[0];
        var change = (await Definitions.PlanAsync(state, wanted, null, Token)).With($"{Repository}:{tag}", Some.Stamps);
        var definition = await Definitions.RegisterAsync(change, Token);
        var rollout = new Rollout(Ecs, settings ?? new RolloutSettings(), Clock, Log, Logs);
        var request = new RolloutRequest { Service = state, TaskDefinition = definition.Arn, DesiredCount = wanted.DesiredCount };
        return await rollout.CarryOutAsync(request, await rollout.DecideAsync(request, Token), token ?? Token);
    }

    /// <summary>As a run has them that begins now.</summary>
    public TaskDefinitions NewDefinitions() => new(Ecs, _ => throw new InvalidOperationException("no file is read"), Log);

    public async Task<ServiceState> ServiceAsync() => (await Ecs.FindServiceAsync("dev", "shop", Token))!;

    /// <summary>The service deploys in another way from now on.</summary>
    public async Task ConfigureAsync(string deploymentConfiguration) => await Ecs.UpdateServiceAsync(
        new JsonObject { ["cluster"] = "dev", ["service"] = "shop", ["deploymentConfiguration"] = JsonNode.Parse(deploymentConfiguration) }, Token);

    public int Calls(string operation) => Sandbox.Requests.Count(request => request.ToString().Contains(operation, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _logs.Dispose();
        _aws.Dispose();
        _connections.Dispose();
        await Sandbox.DisposeAsync();
        Clock.Dispose();
    }

    private SendCall Kept(SendCall call) => (operation, input, token) =>
    {
        _sent.Enqueue(new SentCall(operation, input));
        return call(operation, input, token);
    };

    internal sealed record SentCall(string Operation, JsonObject Input);

    private sealed class Logged(TimeProvider time) : Serilog.Core.ILogEventSink
    {
        public List<(DateTimeOffset At, string Text)> Lines { get; } = [];

        public void Emit(Serilog.Events.LogEvent logEvent)
        {
            lock (Lines)
            {
                Lines.Add((time.GetUtcNow(), logEvent.RenderMessage(null)));
            }
        }
    }
}
