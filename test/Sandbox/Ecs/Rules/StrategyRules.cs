using System.Text.Json.Nodes;
using Sandbox.Ecs.Api;

namespace Sandbox.Ecs.Rules;

/// <summary>What a deployment configuration must and must not say (DeploymentConfiguration, DeploymentLifecycleHook, LinearConfiguration, CanaryConfiguration in the ECS model).</summary>
public static class StrategyRules
{
    public static void Check(JsonObject configuration)
    {
        var strategy = configuration.Text("strategy") ?? "ROLLING";
        if (strategy == "BLUE_GREEN" && configuration["bakeTimeInMinutes"] is null)
        {
            throw Errors.Invalid("bakeTimeInMinutes must be specified for the BLUE_GREEN deployment strategy.");
        }

        if (configuration["linearConfiguration"] is not null && strategy != "LINEAR")
        {
            throw Errors.Invalid("linearConfiguration is only valid for the LINEAR deployment strategy.");
        }

        if (configuration["canaryConfiguration"] is not null && strategy != "CANARY")
        {
            throw Errors.Invalid("canaryConfiguration is only valid for the CANARY deployment strategy.");
        }

        CheckPercent(configuration["linearConfiguration"]?["stepPercent"], 3, "stepPercent");
        CheckPercent(configuration["canaryConfiguration"]?["canaryPercent"], 0.1, "canaryPercent");
        foreach (var hook in configuration.Objects("lifecycleHooks"))
        {
            CheckHook(hook);
        }
    }

    private static void CheckPercent(JsonNode? percent, double least, string name)
    {
        if ((double?)percent is { } value && (value < least || value > 100))
        {
            throw Errors.Invalid($"{name} is out of range.");
        }
    }

    private static void CheckHook(JsonObject hook)
    {
        var stages = hook.Texts("lifecycleStages");
        if (stages.Count == 0)
        {
            throw Errors.Invalid("lifecycleStages must be specified for a lifecycle hook.");
        }

        if (hook.Text("targetType") != "PAUSE")
        {
            _ = hook.Text("hookTargetArn") ?? throw Errors.Invalid("hookTargetArn must be specified for an AWS_LAMBDA lifecycle hook.");
        }
        else if (stages.Contains("TEST_TRAFFIC_SHIFT") || stages.Contains("PRODUCTION_TRAFFIC_SHIFT"))
        {
            throw Errors.Invalid("PAUSE hooks cannot be configured at TEST_TRAFFIC_SHIFT or PRODUCTION_TRAFFIC_SHIFT stages.");
        }
    }
}
