using EcsDeploy;
using EcsDeploy.Aws;
using EcsDeploy.Delivery;
using EcsDeploy.Ecr;
using EcsDeploy.Images;
using EcsDeploy.Logging;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using EcsDeploy.Settings;
using Pipe.Tests.Registry;
using Sandbox;
using Sandbox.Faults;
using Sandbox.Worlds;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>The sandbox's ECR before us, another registry with base images beside it, and an app to push.</summary>
internal sealed class DeliveryBench : IAsyncDisposable
{
    public const string Base = "dotnet/aspnet:10.0";

    /// <summary>Of this test alone.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("delivery-").FullName;

    private readonly List<AwsJsonClient> _clients = [];
    private HttpConnections? _connections;
    private AwsConnections? _aws;
    private HttpMessageInvoker? _http;
    private int _seen;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public required SandboxServer Sandbox { get; init; }

    public required ScriptedRegistry Bases { get; init; }

    public AppFolder App => field ??= new AppFolder(Path.Combine(Folder, "app"), $"{Bases.Host}/{Base}").Write("Package.dll", "a package").Write("Shop.dll", "version 1");

    /// <summary>Who pushes: a role's or a user's ARN.</summary>
    public required string Pusher { get; init; }

    /// <summary>What goes wrong from now on.</summary>
    public FaultPlan Faults { get; private init; } = new();

    public Redactor Redactor { get; } = new();

    public EcrRepository Repository { get; set; } = Parse("shop");

    public Registries Registries => field ??= Connect();

    public EcrClient Ecr => Registries.Ecr(Repository);

    public RegistryClient Client => Registries.Client(Repository);

    /// <summary>What the sandbox was asked since the last push began.</summary>
    public IReadOnlyList<string> Asked => [.. Sandbox.Requests.Skip(_seen).Select(request => request.ToString())];

    /// <summary>Another service, or another operation, as the registry account's administrator.</summary>
    public AwsJsonClient Aws(string service)
    {
        _ = Registries;
        var keys = Sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Registry}:user/admin");
        var session = new AwsSession { Keys = new AwsKeys(keys.AccessKeyId, new Secret(keys.SecretAccessKey), null) };
        _clients.Add(new AwsJsonClient(service, Repository.Region, AwsIdentity.Of(session, TimeProvider.System), _aws!));
        return _clients[^1];
    }

    public static async Task<DeliveryBench> StartAsync(World? world = null, string? pusher = null, int? pageSize = null)
    {
        var faults = new FaultPlan();
        var bench = new DeliveryBench
        {
            Faults = faults,
            Sandbox = await SandboxServer.StartAsync(new SandboxOptions { World = world ?? DefaultWorld.Create(), PageSize = pageSize, Faults = faults }, Token),
            Bases = await ScriptedRegistry.StartAsync(),
            Pusher = pusher ?? $"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push",
        };
        BaseSeed.PutImage(bench.Bases, "10.0");
        return bench;
    }

    public static EcrRepository Parse(string name) =>
        EcrRepository.TryParse($"{DefaultWorld.Registry}.dkr.ecr.eu-west-1.amazonaws.com/{name}", out var repository) ? repository : throw new FormatException(name);

    /// <summary>Every tag but <c>latest</c> is the commit's.</summary>
    public DeliveryRequest Request(params IReadOnlyList<string> tags) => new()
    {
        CommitTags = [.. tags.Where(tag => tag != "latest").Select(ImageTag.Parse)],
        Registry = new RegistrySettings { Repository = Repository, Tags = [.. tags.Select(ImageTag.Parse)] },
        Platforms = [Platform.Amd64],
        WorkDirectory = Folder,
    };

    public Task<PushedImage> PushAsync(DeliveryRequest request, Func<Platform, CancellationToken, Publishing>? publish = null)
    {
        _seen = Sandbox.Requests.Count;
        return new ProjectDelivery(Registries, publish ?? ((platform, _) => App.Published(platform)), TimeProvider.System, Logger.None).RunAsync(request, Token);
    }

    public Task<PushedImage> PushAsync(params IReadOnlyList<string> tags) => PushAsync(Request(tags));

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _http?.Dispose();
        _aws?.Dispose();
        _connections?.Dispose();
        await Bases.DisposeAsync();
        await Sandbox.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private Registries Connect()
    {
        var network = new NetworkSettings { Endpoint = Sandbox.Endpoint };
        _connections = new HttpConnections(network);
        _aws = new AwsConnections(_connections, network, TimeProvider.System, Logger.None);
        _http = new HttpMessageInvoker(_connections.CreateHandler());
        var keys = Sandbox.KeysOf(Pusher);
        var session = new AwsSession
        {
            Keys = new AwsKeys(keys.AccessKeyId, new Secret(keys.SecretAccessKey), keys.SessionToken is { } token ? new Secret(token) : null),
        };
        var identity = AwsIdentity.Of(session, TimeProvider.System);
        return new Registries(_http, network, Make, new Pauseless(), Logger.None);

        EcrClient Make(EcrRepository repository)
        {
            _clients.Add(new AwsJsonClient("ecr", repository.Region, identity, _aws));
            return new EcrClient(new EcrCalls(_clients[^1], repository), Redactor);
        }
    }

    /// <summary>Real time, except that the pauses between tries are short.</summary>
    private sealed class Pauseless : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime < TimeSpan.FromSeconds(10) ? TimeSpan.Zero : dueTime, period);
    }
}
