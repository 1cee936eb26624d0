using System.Text.Json.Nodes;

namespace EcsDeploy.Ecs;

/// <summary>How a service wants to be deployed: its <c>deploymentConfiguration</c>.</summary>
internal sealed class DeploymentRules(JsonObject? json)
{
    /// <summary>ROLLING, BLUE_GREEN, LINEAR or CANARY; a word newer than this is passed through.</summary>
    public string Strategy => json.Text("strategy") ?? "ROLLING";

    public bool IsRolling => Strategy == "ROLLING";

    public bool BreakerEnabled => json.Member("deploymentCircuitBreaker").Flag("enable") ?? false;

    public bool AlarmsEnabled => json.Member("alarms").Flag("enable") ?? false;

    /// <summary>Something is configured by which ECS may call a deployment failed.</summary>
    public bool HasGuard => BreakerEnabled || AlarmsEnabled;

    /// <summary>
    /// ECS itself finds out that tasks of a deployment fail. Of other than rolling ones that is not sure: the ECS model lets the circuit breaker work for
    /// rolling updates only, the ECS guide (deployment failure detection) for blue/green too, and alarms see nothing of a green that takes no traffic.
    /// </summary>
    public bool EcsDecides => IsRolling && HasGuard;

    /// <summary>ECS goes back by itself when it finds a failure; native blue/green, linear and canary always do.</summary>
    public bool RollsBack =>
        !IsRolling
        || (BreakerEnabled && (json.Member("deploymentCircuitBreaker").Flag("rollback") ?? false))
        || (AlarmsEnabled && (json.Member("alarms").Flag("rollback") ?? false));

    /// <summary>Time that ECS only watches: the bake time, and the steps of a canary or linear shift (ECS model, defaults 10 and 10 % × 6 minutes).</summary>
    public TimeSpan WatchingTime
    {
        get
        {
            var minutes = json.Number("bakeTimeInMinutes") ?? 0;
            if (Strategy == "CANARY")
            {
                minutes += json.Member("canaryConfiguration").Number("canaryBakeTimeInMinutes") ?? 10;
            }
            else if (Strategy == "LINEAR")
            {
                var linear = json.Member("linearConfiguration");
                var steps = (int)Math.Ceiling(100 / Math.Max(1, linear.Decimal("stepPercent") ?? 10));
                minutes += (steps - 1) * (linear.Number("stepBakeTimeInMinutes") ?? 6);
            }

            return TimeSpan.FromMinutes(minutes);
        }
    }

    /// <summary>So many failed tasks are a failed deployment in the pipe's eyes; null where ECS decides. Where ECS may decide it goes first, by half of that.</summary>
    public int? FailuresToJudge(int desired) => EcsDecides ? null : FailureThreshold(desired) * (HasGuard ? 2 : 1);

    /// <summary>How many failed tasks make a failed deployment: half of the desired ones, at least 3, at most 200 (ECS model, ServiceDeploymentCircuitBreaker).</summary>
    public static int FailureThreshold(int desired) => Math.Clamp((int)Math.Ceiling(desired * 0.5), 3, 200);
}
