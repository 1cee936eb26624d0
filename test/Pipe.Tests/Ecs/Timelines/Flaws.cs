namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Every flaw that ecs.md §4 finds in the three waiting algorithms of the table, each with the row that shows it or the reason why none can.</summary>
internal static class Flaws
{
    public static IReadOnlyList<Flaw> All { get; } =
    [
        new("4.1 (a)", Peers.Stable, "a completed rollback satisfies it"),
        new("4.1 (b)", Peers.Stable, "another person's deployment satisfies it"),
        new("4.1 (c)", Peers.Stable, "a desired count of 0 satisfies it"),
        new("4.1 (d)", Peers.Stable, "a stale read of the state before satisfies it"),
        new("4.1 (e)", Peers.Stable, "a failure without rollback burns the whole wait"),
        new("4.1 (f)", Peers.Stable, "old tasks must be drained"),
        new("4.1 (g)", Peers.Stable, "bake time and pauses are waited out"),
        new("4.1 (h)", Peers.Stable, "autoscaling keeps it unstable"),
        new("4.1 (i)", Peers.Stable, "an answer without deployments is a type error"),
        new("4.2 (d)", Peers.Action, "inherited"),
        new("4.2 (e)", Peers.Action, "inherited"),
        new("4.2 (f)", Peers.Action, "inherited"),
        new("4.2 (g)", Peers.Action, "inherited"),
        new("4.2 (h)", Peers.Action, "inherited"),
        new("4.2 superseded", Peers.Action, "a superseding deployment is called rolled back"),
        new("4.2 stale", Peers.Action, "a stale look after stability is a false failure"),
        new("4.2 no cause", Peers.Action, "no cause when the deployment has vanished", FlawKind.Cause),
        new("4.2 timeout", Peers.Action, "a failure without rollback is noticed at the timeout"),
        new("4.2 silent", Peers.Action, "nothing is printed meanwhile", FlawKind.Silence),
        new("4.2 no id", Peers.Action, "without a PRIMARY id the check is left out"),
        new("4.2 run-task", Peers.Action, "run-task goes before the check of the controller", FlawKind.NoRow)
        {
            Note = "happens before UpdateService, so there is no rollout to judge; here the controller is checked by reading, before anything is changed",
        },
        new("4.2 half", Peers.Action, "a definition that was registered stays when the update fails", FlawKind.NoRow)
        {
            Note = "what is left behind is no verdict; the next run finds a definition that says the same and registers none",
        },
        new("4.3 (1)", Peers.Espresso, "a rollback to the same definition passes"),
        new("4.3 (2)", Peers.Espresso, "a deployment that is PENDING or rolls back is not found, and that is success"),
        new("4.3 (3)", Peers.Espresso, "the runner's clock hides the deployment"),
        new("4.3 (4)", Peers.Espresso, "not found is no need to wait"),
        new("4.3 (5)", Peers.Espresso, "a single error ends the wait"),
        new("4.3 (6)", Peers.Espresso, "the newest deployment may be somebody else's"),
        new("4.3 (7)", Peers.Espresso, "STOP_REQUESTED is taken for the end"),
        new("4.3 (8)", Peers.Espresso, "neither stopped reasons nor logs", FlawKind.Cause),
        new("4.6 STOPPED", Peers.Espresso, "one word for three outcomes", FlawKind.OneWord),
    ];
}

/// <summary>A flaw of a peer.</summary>
/// <param name="Mark">Where ecs.md has it.</param>
/// <param name="Peer">Whose it is.</param>
/// <param name="What">In a few words.</param>
/// <param name="Kind">How it shows.</param>
internal sealed record Flaw(string Mark, string Peer, string What, FlawKind Kind = FlawKind.Verdict)
{
    /// <summary>Why no row can show it; null where rows do.</summary>
    public string? Note { get; init; }
}

/// <summary>How a flaw shows in a row.</summary>
internal enum FlawKind
{
    /// <summary>The peer's verdict is wrong.</summary>
    Verdict,

    /// <summary>The peer's words do not have the cause.</summary>
    Cause,

    /// <summary>The peer prints nothing until it ends.</summary>
    Silence,

    /// <summary>The peer says the same of rows whose outcomes differ.</summary>
    OneWord,

    /// <summary>Not at all.</summary>
    NoRow,
}
