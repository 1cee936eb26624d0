using System.Text.Json.Nodes;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>Runs the lifecycle hooks of a stage one after another (DeploymentLifecycleHook in the ECS model): functions answer, pauses wait to be continued.</summary>
public sealed class LifecycleHooks(Agenda agenda, Ids ids, HookBehaviours functions, Rollouts rollouts)
{
    public void Run(Service service, ServiceDeployment rollout, string stage, Action then)
    {
        var hooks = (rollout.Configuration["lifecycleHooks"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(hook => (hook["lifecycleStages"] as JsonArray ?? []).Any(item => (string?)item == stage))
            .ToList();
        RunFrom(0);

        void RunFrom(int index)
        {
            if (rollout.Status != "IN_PROGRESS")
            {
                return;
            }

            if (index == hooks.Count)
            {
                then();
            }
            else
            {
                Start(service, rollout, Make(hooks[index], stage, () => RunFrom(index + 1)));
            }
        }
    }

    /// <summary>Ends a pause, as a person or its timeout says.</summary>
    public void Decide(Service service, ServiceDeployment rollout, LifecycleHook hook, bool goOn, bool inTime)
    {
        hook.Status = !inTime ? "TIMED_OUT" : goOn ? "SUCCEEDED" : "FAILED";
        rollout.UpdatedAt = agenda.Now;
        if (goOn)
        {
            hook.Continue();
        }
        else if (rollout.Status == "IN_PROGRESS")
        {
            rollouts.RollBack(service, rollout, ServiceTexts.HookEnded(hook, inTime));
        }
    }

    private LifecycleHook Make(JsonObject hook, string stage, Action next)
    {
        var pause = (string?)hook["targetType"] == "PAUSE";
        var timeout = hook["timeoutConfiguration"] as JsonObject;
        return new LifecycleHook
        {
            Id = ids.Uuid(),
            Stage = stage,
            TargetType = pause ? "PAUSE" : "AWS_LAMBDA",
            TargetArn = pause ? null : (string?)hook["hookTargetArn"],
            Status = pause ? "AWAITING_ACTION" : "IN_PROGRESS",
            ExpiresAt = agenda.Now + TimeSpan.FromMinutes((int?)timeout?["timeoutInMinutes"] ?? 1440),
            TimeoutAction = (string?)timeout?["action"] ?? "ROLLBACK",
            Continue = next,
        };
    }

    private void Start(Service service, ServiceDeployment rollout, LifecycleHook hook)
    {
        rollout.Hooks.Add(hook);
        rollout.UpdatedAt = agenda.Now;
        Plan(hook.ExpiresAt - agenda.Now, () => Decide(service, rollout, hook, hook.TimeoutAction == "CONTINUE", inTime: false));
        if (hook.TargetArn is { } function)
        {
            var behaviour = functions.Of(function);
            Plan(behaviour.After, () => Decide(service, rollout, hook, behaviour.Succeeds, inTime: true));
        }

        void Plan(TimeSpan delay, Action action) => agenda.Plan(delay, () =>
        {
            if (!hook.Over && rollout.Status == "IN_PROGRESS")
            {
                action();
            }
        });
    }
}
