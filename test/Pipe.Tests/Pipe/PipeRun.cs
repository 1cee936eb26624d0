using EcsDeploy;
using Sandbox;
using Sandbox.Faults;
using Sandbox.Time;
using Sandbox.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>The whole pipe against a sandbox of its own, on a clock that both share: environment in, exit code and log out.</summary>
internal sealed class PipeRun : IAsyncDisposable
{
    private static readonly string[] Reading = ["Describe", "List", "Get", "BatchGet", "BatchCheck"];

    private readonly VirtualClock _clock = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private int _build = 40;
    private int _seen;

    private PipeRun()
    {
    }

    public SandboxServer Sandbox { get; private set; } = null!;

    public string Clone { get; } = Directory.CreateTempSubdirectory("pipe-run").FullName;

    /// <summary>What the last run was given.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; private set; } = new Dictionary<string, string>();

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
        var plain = new SandboxOptions { World = change?.Invoke(Step.World) ?? Step.World, Clock = run._clock, Faults = run.Faults };
        run.Sandbox = await SandboxServer.StartAsync(options?.Invoke(plain) ?? plain, TestContext.Current.CancellationToken);
        run.Publish("1.0");
        return run;
    }

    /// <summary>Another version of the app lies in the clone.</summary>
    public void Publish(string version) => PublishedSample.WriteTo(Path.Combine(Clone, "published"), version);

    public Task<ExitCode> DeployAsync(params IReadOnlyList<(string Name, string? Value)> changes) => RunAsync(Step.Deploy(Sandbox, Clone, "dev", ++_build), changes);

    public Task<ExitCode> PromoteAsync(params IReadOnlyList<(string Name, string? Value)> changes) =>
        RunAsync(Step.Variables(Sandbox, Clone, "production", ++_build), [("ACTION", "promote"), .. changes]);

    /// <summary>A step that deploys to dev, without a word on what.</summary>
    public Task<ExitCode> RunAsync(params IReadOnlyList<(string Name, string? Value)> changes) => RunAsync(Step.Variables(Sandbox, Clone, "dev", ++_build), changes);

    /// <summary>An action on what dev runs, which needs no container.</summary>
    public Task<ExitCode> ActAsync(string action, params IReadOnlyList<(string Name, string? Value)> changes) =>
        RunAsync([("ACTION", action), ("CONTAINER_NAME", null), .. changes]);

    /// <summary>Time in which nobody does anything: what ECS began comes to its end.</summary>
    public Task SettleAsync() => BesideAsync(clock => Task.Delay(TimeSpan.FromMinutes(5), clock, TestContext.Current.CancellationToken));

    /// <summary>A null value takes a variable away.</summary>
    private async Task<ExitCode> RunAsync(Dictionary<string, string> variables, IReadOnlyList<(string Name, string? Value)> changes)
    {
        foreach (var (name, value) in changes)
        {
            variables.Remove(name);
            if (value is not null)
            {
                variables[name] = value;
            }
        }

        (_seen, Variables) = (Sandbox.Requests.Count, variables);
        using var output = new StringWriter();
        using var entered = _clock.Enter("pipe");
        var exit = await new PipeRunner(variables, Clone, output, _clock).RunAsync(_stop.Token);
        Log = output.ToString();
        TestContext.Current.TestOutputHelper?.WriteLine(Log);
        Assert.Empty(Sandbox.Defects);
        return exit;
    }

    /// <summary>The step is asked to end.</summary>
    public void Stop() => _stop.Cancel();

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
        _stop.Dispose();
        Directory.Delete(Clone, recursive: true);
    }

    private static bool Writes(RequestRecord request) => (int)request.Status < 300 && (request.Service, request.Operation) switch
    {
        // A blob is nothing until a manifest names it.
        ("registry", _) => request.Method == "PUT" && request.Path.Contains("/manifests/", StringComparison.Ordinal),
        ("ecs" or "ecr", { } operation) => !Reading.Any(verb => operation.StartsWith(verb, StringComparison.Ordinal)),
        _ => false,
    };
}
