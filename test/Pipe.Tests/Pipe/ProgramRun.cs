using System.Diagnostics;
using System.Text.Json.Nodes;
using Sandbox;
using Sandbox.Ecr;
using Sandbox.Ecs;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>The pipe as a child process against a sandbox on the real clock, in which a rollout takes a second.</summary>
internal sealed class ProgramRun : IAsyncDisposable
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(100);

    private static readonly EcsOptions Quick = new()
    {
        Provisioning = Instant,
        Deprovisioning = Instant,
        DeploymentLag = Instant,
        Reaction = Instant,
        RollbackLag = Instant,
        CountedAfter = Instant,
        Throttling = false,
    };

    private readonly string _clone = Directory.CreateTempSubdirectory("program-run").FullName;

    private ProgramRun()
    {
    }

    public SandboxServer Sandbox { get; private set; } = null!;

    /// <summary>The central repository.</summary>
    public Repository Repository => Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Find("shop")!;

    public FaultPlan Faults { get; } = new();

    public Dictionary<string, string> Variables { get; private set; } = [];

    public static async Task<ProgramRun> StartAsync(bool tls = false)
    {
        var run = new ProgramRun();
        run.Sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { World = Step.World, Ecs = Quick, Faults = run.Faults, Tls = tls }, TestContext.Current.CancellationToken);
        run.Sandbox.Ecs.Behaviours.Default = new TaskBehaviour { PullTime = Instant, StartAfter = Instant, StopsAfter = Instant };
        PublishedSample.WriteTo(run.Published, "1.0");
        run.Variables = Step.Deploy(run.Sandbox, run._clone, "dev", 41);
        return run;
    }

    /// <summary>Where the app lies published.</summary>
    public string Published => Path.Combine(_clone, "published");

    public Process Launch(PipeProgram program) => program.Start(_clone, Variables);

    public Task<ProgramEnd> RunAsync(PipeProgram program, CancellationToken token) => PipeProgram.EndAsync(Launch(program), token);

    public Task<JsonObject> AskAsync(string operation, string input) => Stranger.CallAsync(Sandbox, operation, input);

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        Directory.Delete(_clone, recursive: true);
    }
}
