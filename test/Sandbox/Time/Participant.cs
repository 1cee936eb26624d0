using System.Globalization;

namespace Sandbox.Time;

/// <summary>One run that shares the virtual clock, with everything it awaits; requests and timers are known as its own by the flow they start in.</summary>
internal sealed class Participant(VirtualClock clock, string name)
{
    private static readonly AsyncLocal<Participant?> Current = new();

    /// <summary>Pending waits.</summary>
    public int Waits { get; set; }

    /// <summary>HTTP requests without an answer.</summary>
    public int Requests { get; private set; }

    public static Participant? Here => Current.Value;

    public static Participant? Of(VirtualClock clock) => Current.Value is { } here && here.Clock == clock ? here : null;

    /// <summary>Answers the one that was there before.</summary>
    public static Participant? Enter(Participant? participant)
    {
        var before = Current.Value;
        Current.Value = participant;
        return before;
    }

    public void CountRequest(int change) => Clock.Update(() => Requests += change);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{name} ({Waits} waits, {Requests} requests)");

    private VirtualClock Clock { get; } = clock;
}
