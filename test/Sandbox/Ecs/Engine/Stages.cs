using System.Text.Json.Nodes;

namespace Sandbox.Ecs.Engine;

/// <summary>One step of a staged deployment: its lifecycle stage, the share of production traffic after it, and how long it lasts.</summary>
public sealed record Step(string Stage)
{
    /// <summary>In percent; null where production traffic does not move.</summary>
    public double? ProductionWeight { get; init; }

    public TimeSpan Wait { get; init; }
}

/// <summary>The steps of BLUE_GREEN, LINEAR and CANARY (ServiceDeployment.lifecycleStage, LinearConfiguration, CanaryConfiguration in the ECS model).</summary>
public static class Stages
{
    private static readonly string[] BeforeProduction = ["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"];

    public static bool Staged(JsonObject configuration) => (string?)configuration["strategy"] is "BLUE_GREEN" or "LINEAR" or "CANARY";

    /// <param name="configuration">The service's deploymentConfiguration.</param>
    /// <param name="reconcile">More than one revision was active when it began.</param>
    public static IReadOnlyList<Step> Of(JsonObject configuration, bool reconcile)
    {
        var steps = new List<Step>();
        if (reconcile)
        {
            steps.Add(new Step("RECONCILE_SERVICE"));
        }

        steps.AddRange(BeforeProduction.Select(stage => new Step(stage)));
        foreach (var (weight, wait) in Weights(configuration))
        {
            steps.Add(new Step("PRE_PRODUCTION_TRAFFIC_SHIFT"));
            steps.Add(new Step("PRODUCTION_TRAFFIC_SHIFT") { ProductionWeight = weight, Wait = wait });
        }

        steps.Add(new Step("POST_PRODUCTION_TRAFFIC_SHIFT"));
        steps.Add(new Step("BAKE_TIME") { Wait = Minutes(configuration, "bakeTimeInMinutes", 0) });
        steps.Add(new Step("CLEAN_UP"));
        return steps;
    }

    private static IEnumerable<(double Weight, TimeSpan Wait)> Weights(JsonObject configuration)
    {
        if ((string?)configuration["strategy"] == "CANARY")
        {
            var canary = configuration["canaryConfiguration"] as JsonObject ?? [];
            yield return ((double?)canary["canaryPercent"] ?? 5, Minutes(canary, "canaryBakeTimeInMinutes", 10));
        }
        else if ((string?)configuration["strategy"] == "LINEAR")
        {
            var linear = configuration["linearConfiguration"] as JsonObject ?? [];
            var step = (double?)linear["stepPercent"] ?? 10;
            for (var weight = step; weight < 100; weight += step)
            {
                yield return (Math.Round(weight, 1), Minutes(linear, "stepBakeTimeInMinutes", 6));
            }
        }

        yield return (100, TimeSpan.Zero);
    }

    private static TimeSpan Minutes(JsonObject configuration, string member, int usual) => TimeSpan.FromMinutes((int?)configuration[member] ?? usual);
}
