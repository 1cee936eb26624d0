using System.Text.Json.Nodes;
using EcsDeploy;
using EcsDeploy.Aws;
using EcsDeploy.Settings;

namespace Pipe.Tests.Ecs.Timelines;

/// <summary>One timeline of a service after UpdateService, with what is true of it.</summary>
internal sealed record Scenario(string Name, string Truth, ExitCode ExitCode)
{
    public static readonly Dep Old = new("ecs-svc/1", "PRIMARY", "web:1", 2) { State = "COMPLETED" };

    public static readonly Sd OldSd = new("sd-1", "SUCCESSFUL") { Def = "web:1" };

    private static readonly Frame Quiet = new() { At = double.NegativeInfinity, Deployments = [Old], Current = "sd-1", ServiceDeployments = [OldSd] };

    /// <summary>The flaw of a peer that it shows, or the document that it is made from.</summary>
    public string Source { get; init; } = "";

    /// <summary>Marks of the flaws in <see cref="Flaws"/> that it shows: the peer that has it comes out wrong here.</summary>
    public IReadOnlyList<string> Shows { get; init; } = [];

    /// <summary>When ECS first answers what decides; null when it never does.</summary>
    public double? DecidedAt { get; init; }

    /// <summary>A part of the first reason; null where nothing is to be explained.</summary>
    public string? Reason { get; init; }

    /// <summary>In the order of time; the first is UpdateService's own answer.</summary>
    public required IReadOnlyList<Frame> Frames { get; init; }

    /// <summary>What stood before UpdateService.</summary>
    public Frame Before { get; init; } = Quiet;

    public JsonObject Configuration { get; init; } = Breaker(rollback: true);

    /// <summary>Reads are so many seconds behind.</summary>
    public double Lag { get; init; }

    /// <summary>From then on, for a second, reads show what stood before UpdateService.</summary>
    public double? StaleAt { get; init; }

    /// <summary>UpdateService's answer has no PRIMARY deployment yet.</summary>
    public bool AnswerLacksPrimary { get; init; }

    /// <summary>The runner's clock is so many seconds ahead of AWS's.</summary>
    public double ClockAhead { get; init; }

    /// <summary>The new rollout brings the definition that runs: a forced one.</summary>
    public bool SameDefinition { get; init; }

    public IReadOnlyList<string> Denied { get; init; } = [];

    /// <summary>From this second on every read fails; null for never.</summary>
    public double? FailingFrom { get; init; }

    public double FailingUntil { get; init; } = double.PositiveInfinity;

    /// <summary>The one read that fails then; null for all of them.</summary>
    public string? FailingRead { get; init; }

    public AwsFailureKind FailingKind { get; init; } = AwsFailureKind.ServerError;

    /// <summary>How many answers to UpdateService get lost.</summary>
    public int LostAnswers { get; init; }

    public bool LostTookEffect { get; init; }

    /// <summary>UpdateService calls that are right.</summary>
    public int Updates { get; init; } = 1;

    public IReadOnlyList<JsonObject> RunningTasks { get; init; } = [];

    /// <summary>What follows StopServiceDeployment, from its time on; empty where ECS refuses it.</summary>
    public IReadOnlyList<Frame> Stoppable { get; init; } = [];

    /// <summary>What follows a second UpdateService, from its time on.</summary>
    public IReadOnlyList<Frame> Returned { get; init; } = [];

    /// <summary>Where nothing is said, failures are left as they are: what ECS does shows.</summary>
    public RolloutSettings Settings { get; init; } = new() { OnFailure = AfterTrouble.Leave };

    public Frame At(double since) => since < 0 ? Before : At(Frames, since);

    /// <summary>What a read shows, lag and stale answers included.</summary>
    public Frame Read(double since) => StaleAt is { } stale && since >= stale && since < stale + 1 ? Before : At(since - Lag);

    public static Frame At(IReadOnlyList<Frame> frames, double since) => frames.Last(frame => frame.At <= since);

    /// <summary>The same, with everything after UpdateService so many seconds later.</summary>
    public Scenario Shifted(double seconds) => this with
    {
        Frames = [.. Frames.Select(frame => frame with { At = frame.At > 0 ? frame.At + seconds : frame.At })],
        DecidedAt = DecidedAt + seconds,
    };

    public override string ToString() => Name;

    public static JsonObject Breaker(bool rollback) => new()
    {
        ["deploymentCircuitBreaker"] = new JsonObject { ["enable"] = true, ["rollback"] = rollback },
        ["strategy"] = "ROLLING",
    };

    public static JsonObject Unguarded() => new() { ["strategy"] = "ROLLING" };

    public static JsonObject Alarms(bool rollback) => new()
    {
        ["alarms"] = new JsonObject { ["enable"] = true, ["rollback"] = rollback, ["alarmNames"] = new JsonArray("5xx") },
        ["strategy"] = "ROLLING",
    };

    public static JsonObject Shifting(string strategy, int bake = 5) => new() { ["strategy"] = strategy, ["bakeTimeInMinutes"] = bake };
}
