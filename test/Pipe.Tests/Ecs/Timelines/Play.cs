using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Lets the pipe's own rollout live through a scenario.</summary>
internal static class Play
{
    public static async Task<Played> OursAsync(Scenario scenario, CancellationToken token, PushedImage? image = null)
    {
        var clock = new JumpingClock();
        var wire = new ScriptedEcs(scenario, clock);
        var lines = new Lines(wire);
        using var log = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(lines).CreateLogger();
        var ecs = new EcsClient(wire.CallAsync, wire.CallAsync, new CallBudget(clock));
        var service = (await ecs.FindServiceAsync(Frame.Cluster, "web", token))!;
        var request = new RolloutRequest
        {
            Service = service,
            TaskDefinition = Frame.Definition(scenario.SameDefinition ? "web:1" : "web:2"),
            Containers = ["web"],
            Image = image,
        };
        var rollout = new Rollout(ecs, scenario.Settings with { ForceNewDeployment = scenario.SameDefinition }, clock, log);
        var outcome = await rollout.CarryOutAsync(request, await rollout.DecideAsync(request, token), token);
        return new Played(outcome, wire, lines) { KnownAt = lines.DecidedAt ?? wire.Since };
    }

    /// <summary>Keeps every line, and when the verdict was first printed.</summary>
    internal sealed class Lines(ScriptedEcs wire) : ILogEventSink
    {
        public List<string> All { get; } = [];

        public double? DecidedAt { get; private set; }

        /// <summary>How many lines were printed between UpdateService and the verdict.</summary>
        public int BeforeVerdict { get; private set; }

        public void Emit(LogEvent logEvent)
        {
            All.Add(logEvent.RenderMessage(null).Replace("\"", "", StringComparison.Ordinal));
            if (All[^1].Contains("the rollout has failed", StringComparison.Ordinal) || All[^1].Contains(" ended: ", StringComparison.Ordinal))
            {
                DecidedAt ??= wire.Since;
            }

            BeforeVerdict += wire.Since >= 0 && DecidedAt is null && logEvent.Level >= LogEventLevel.Information ? 1 : 0;
        }
    }
}

/// <summary>What came of it.</summary>
internal sealed record Played(RolloutOutcome Outcome, ScriptedEcs Wire, Play.Lines Lines)
{
    /// <summary>Seconds after UpdateService at which the verdict was first printed.</summary>
    public double KnownAt { get; init; }

    /// <summary>Verdict, exit code and first reason are the true ones.</summary>
    public bool IsRight(Scenario scenario) =>
        Outcome.Verdict.Words == scenario.Truth && Outcome.Verdict.ExitCode == scenario.ExitCode
        && (scenario.Reason is { } reason
            ? Outcome.Verdict.Reasons.Count > 0 && Outcome.Verdict.Reasons[0].Contains(reason, StringComparison.Ordinal)
            : Outcome.Verdict.Reasons.Count == 0);
}
