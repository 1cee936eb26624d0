namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Every timeline that is tried.</summary>
internal static class Scenarios
{
    /// <summary>Each begins to move at another moment between two looks, so that no one's interval fits by chance.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [.. Made.Select((scenario, i) => scenario.Shifted(i * 7 % 20 / 10.0))];

    private static IEnumerable<Scenario> Made => [.. RollingScenarios.All, .. OlderViewScenarios.All, .. StrangerScenarios.All, .. ShiftingScenarios.All, .. ReturnScenarios.All];
}
