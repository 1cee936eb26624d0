using System.Text.Json.Nodes;

namespace Sandbox.Ecs.Engine;

/// <summary>A service's circuit breaker (DeploymentCircuitBreaker and ThresholdConfiguration in the ECS model; the bounds 3 and 200 in ServiceDeploymentCircuitBreaker.threshold).</summary>
public sealed record CircuitBreaker(bool Enabled, bool Rollback, bool ResetOnHealthyTask, string Type, int Value)
{
    public static CircuitBreaker Of(JsonObject deploymentConfiguration)
    {
        var breaker = deploymentConfiguration["deploymentCircuitBreaker"] as JsonObject;
        var threshold = breaker?["thresholdConfiguration"] as JsonObject;
        return new CircuitBreaker(
            (bool?)breaker?["enable"] ?? false,
            (bool?)breaker?["rollback"] ?? false,
            (bool?)breaker?["resetOnHealthyTask"] ?? true,
            (string?)threshold?["type"] ?? "BOUNDED_PERCENT",
            (int?)threshold?["value"] ?? 50);
    }

    /// <summary>So many failures fail the deployment; by the latest desired count.</summary>
    public int Threshold(int desiredCount) => Type switch
    {
        "COUNT" => Value,
        "UNBOUNDED_PERCENT" => Math.Max(1, Share(desiredCount)),
        _ => Math.Clamp(Share(desiredCount), 3, 200),
    };

    private int Share(int desiredCount) => (int)((((long)desiredCount * Value) + 99) / 100);
}
