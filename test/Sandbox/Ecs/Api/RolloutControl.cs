using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>StopServiceDeployment and ContinueServiceDeployment, by their texts in the ECS model; who may, as for describing. What is refused is documented, the words are inferred.</summary>
public sealed class RolloutControl(ApiParts parts, RolloutOperations rollouts)
{
    /// <summary>Only ROLLBACK is valid, and only while PENDING or IN_PROGRESS; it works whether or not rollback is configured.</summary>
    public JsonObject Stop(ApiCall call)
    {
        var (service, rollout) = Find(call);
        if ((call.Input.Text("stopType") ?? "ROLLBACK") != "ROLLBACK")
        {
            throw Errors.Invalid("The stop type is not valid. The valid values are ROLLBACK.");
        }

        if (rollout.Status is not "PENDING" and not "IN_PROGRESS")
        {
            throw new ApiException("ConflictException", $"The service deployment cannot be stopped because its status is {rollout.Status}.");
        }

        parts.Engine.Rollouts.RollBack(service, rollout, ServiceTexts.StoppedByUser);
        return new JsonObject { ["serviceDeploymentArn"] = rollout.Arn };
    }

    public JsonObject Continue(ApiCall call)
    {
        var (service, rollout) = Find(call);
        var hook = rollout.Hooks.Find(hook => hook.Id == call.Input.Text("hookId") && hook.TargetType == "PAUSE") ?? throw Errors.Invalid("The lifecycle hook was not found.");
        if (hook.Over || rollout.Status != "IN_PROGRESS")
        {
            throw Errors.Invalid("The lifecycle hook is not waiting for an action.");
        }

        parts.Engine.Hooks.Decide(service, rollout, hook, (call.Input.Text("action") ?? "CONTINUE") == "CONTINUE", inTime: true);
        return new JsonObject { ["serviceDeploymentArn"] = rollout.Arn };
    }

    private (Service Service, ServiceDeployment Rollout) Find(ApiCall call)
    {
        var arn = call.Input.Text("serviceDeploymentArn") ?? "";
        var service = rollouts.Demand(call, call.Operation, arn);
        return service?.History.Find(rollout => rollout.Arn == arn) is { } found
            ? (service, found)
            : throw new ApiException("ServiceDeploymentNotFoundException", "The service deployment was not found.");
    }
}
