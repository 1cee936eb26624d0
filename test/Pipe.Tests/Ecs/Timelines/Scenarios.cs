namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Every timeline that is tried.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<Scenario> All { get; } = [.. RollingScenarios.All, .. OlderViewScenarios.All, .. StrangerScenarios.All, .. ShiftingScenarios.All];
}
