using EcsDeploy;
using Sandbox;
using Sandbox.Bitbucket;
using Sandbox.Faults;
using Sandbox.Time;
using Sandbox.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>The whole pipe against a sandbox of its own, on a clock that both share: environment in, exit code and log out.</summary>
internal sealed class PipeRun : IAsyncDisposable
{
    public const string Repository = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop";

    private static readonly string[] Reading = ["Describe", "List", "Get", "BatchGet", "BatchCheck"];

    private readonly VirtualClock _clock = new();
    private int _build = 40;
    private int _seen;

    private PipeRun()
    {
    }

    public SandboxServer Sandbox { get; private set; } = null!;

    public string Clone { get; } = Directory.CreateTempSubdirectory("pipe-run").FullName;

    /// <summary>The log of the last run.</summary>
    public string Log { get; private set; } = "";

    public string LastLine => Log.TrimEnd().Split('\n')[^1].Replace("\e[0m", "", StringComparison.Ordinal);

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>What goes wrong from now on.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>The requests of the last run.</summary>
    public IReadOnlyList<RequestRecord> Requests => [.. Sandbox.Requests.Skip(_seen)];

    /// <summary>What the last run changed: a failed run of which nothing is here left everything as it was.</summary>
    public IReadOnlyList<string> Changes => [.. Requests.Where(Writes).Select(request => request.ToString())];

    public static async Task<PipeRun> StartAsync(Func<World, World>? change = null, Func<SandboxOptions, SandboxOptions>? options = null)
    {
        var run = new PipeRun();
        var world = DefaultWorld.Create();
        world = world with { Repositories = [.. world.Repositories, new RepositorySeed { AccountId = DefaultWorld.Registry, Name = "base/aspnet", SampleTags = ["10.0"] }] };
        var plain = new SandboxOptions { World = change?.Invoke(world) ?? world, Clock = run._clock, Faults = run.Faults };
        run.Sandbox = await SandboxServer.StartAsync(options?.Invoke(plain) ?? plain, TestContext.Current.CancellationToken);
        run.Publish("1.0");
        return run;
    }

    /// <summary>Another version of the app lies in the clone.</summary>
    public void Publish(string version) => PublishedSample.WriteTo(Path.Combine(Clone, "published"), version);

    public Task<ExitCode> DeployAsync(params (string Name, string? Value)[] changes) =>
        RunAsync("dev", [("ACTION", "deploy"), ("PUBLISH_DIR", "published"), ("BASE_IMAGE", Repository.Replace("/shop", "/base/aspnet:10.0", StringComparison.Ordinal)), .. changes]);

    public Task<ExitCode> PromoteAsync(params (string Name, string? Value)[] changes) =>
        RunAsync("production", [("ACTION", "promote"), .. changes]);

    /// <summary>A step of a deployment environment; a null value takes a variable away.</summary>
    public async Task<ExitCode> RunAsync(string environment, params (string Name, string? Value)[] changes)
    {
        var variables = Step(environment);
        foreach (var (name, value) in changes)
        {
            variables.Remove(name);
            if (value is not null)
            {
                variables[name] = value;
            }
        }

        _seen = Sandbox.Requests.Count;
        using var output = new StringWriter();
        using var entered = _clock.Enter("pipe");
        var exit = await new PipeRunner(variables, Clone, output, _clock).RunAsync(TestContext.Current.CancellationToken);
        Log = output.ToString();
        TestContext.Current.TestOutputHelper?.WriteLine(Log);
        Assert.Empty(Sandbox.Defects);
        return exit;
    }

    /// <summary>Somebody else who lives on the same clock.</summary>
    public async Task BesideAsync(Func<TimeProvider, Task> act)
    {
        using var entered = _clock.Enter("beside");
        await act(_clock);
    }

    /// <summary>The last run told all of this, and changed nothing.</summary>
    public void AssertRefused(params IReadOnlyList<string> words)
    {
        foreach (var word in words)
        {
            Assert.Contains(word, Log, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("defect", Log, StringComparison.Ordinal);
        Assert.Empty(Changes);
    }

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        _clock.Dispose();
        Directory.Delete(Clone, recursive: true);
    }

    private static bool Writes(RequestRecord request) => (int)request.Status < 300 && (request.Service, request.Operation) switch
    {
        // A blob is nothing until a manifest names it.
        ("registry", _) => request.Method == "PUT" && request.Path.Contains("/manifests/", StringComparison.Ordinal),
        ("ecs" or "ecr", { } operation) => !Reading.Any(verb => operation.StartsWith(verb, StringComparison.Ordinal)),
        _ => false,
    };

    /// <summary>What Bitbucket gives a pipe in a deployment step, and the variables of the README's example.</summary>
    private Dictionary<string, string> Step(string environment)
    {
        var account = environment == "production" ? DefaultWorld.Production : DefaultWorld.Dev;
        var build = ++_build;
        return new Dictionary<string, string>
        {
            ["CI"] = "true",
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
            ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "",
            ["BITBUCKET_BUILD_NUMBER"] = $"{build}",
            ["BITBUCKET_CLONE_DIR"] = Clone,
            ["BITBUCKET_COMMIT"] = $"{build:d40}",
            ["BITBUCKET_WORKSPACE"] = "acme",
            ["BITBUCKET_REPO_SLUG"] = "shop",
            ["BITBUCKET_BRANCH"] = "main",
            ["BITBUCKET_DEPLOYMENT_ENVIRONMENT"] = environment,
            ["BITBUCKET_STEP_OIDC_TOKEN"] = Sandbox.OidcToken(new OidcTokenRequest { Environment = environment }),
            ["AWS_ENDPOINT_URL"] = Sandbox.Endpoint.AbsoluteUri,
            ["ECR_REPOSITORY"] = Repository,
            ["ECR_ROLE_ARN"] = $"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push",
            ["DEPLOY_ROLE_ARN"] = $"arn:aws:iam::{account}:role/deploy",
            ["CLUSTER_NAME"] = environment,
            ["SERVICE_NAME"] = "shop",
            ["CONTAINER_NAME"] = "shop",
            ["REPORT"] = "false",
        };
    }
}
