using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>Moves blue/green, linear and canary deployments from stage to stage.</summary>
public sealed class StagedRollouts(Agenda agenda, EcsOptions options, Rollouts rollouts, LifecycleHooks hooks, Action<Service, TimeSpan> look)
{
    public void Begin(Service service, ServiceDeployment rollout)
    {
        if (!Stages.Staged(rollout.Configuration))
        {
            return;
        }

        rollout.Steps = Stages.Of(rollout.Configuration, reconcile: rollout.Sources.Count > 1);
        Shift(service, rollout, rollout.Sources.Count == 0 ? 100 : 0);
        Next(service, rollout);
    }

    /// <summary>The scheduler's news: the new tasks may all be there, or the old ones all gone.</summary>
    public void Arrived(Service service, ServiceDeployment rollout, int desired)
    {
        var arrived = rollout.Stage switch
        {
            "SCALE_UP" => rollout.GreenRuns && rollout.Deployment.Count(TaskPhase.Healthy) >= desired,
            "CLEAN_UP" => rollout.BlueGoes && service.Deployments.TrueForAll(deployment => deployment.Primary || deployment.All == 0),
            _ => false,
        };
        if (arrived)
        {
            Next(service, rollout);
        }
    }

    private void Next(Service service, ServiceDeployment rollout)
    {
        if (rollout.Status != "IN_PROGRESS")
        {
            return;
        }

        rollout.StepIndex++;
        rollout.UpdatedAt = agenda.Now;
        if (rollout.StepIndex == rollout.Steps!.Count)
        {
            rollouts.Complete(service, rollout.Deployment);
            look(service, options.Reaction);
            return;
        }

        var step = rollout.Steps[rollout.StepIndex];
        rollout.Stage = step.Stage;
        hooks.Run(service, rollout, step.Stage, () => Do(service, rollout, step));
    }

    private void Do(Service service, ServiceDeployment rollout, Step step)
    {
        switch (step.Stage)
        {
            case "SCALE_UP":
                rollout.GreenRuns = true;
                look(service, options.Reaction);
                return;
            case "CLEAN_UP":
                rollout.BlueGoes = true;
                look(service, options.Reaction);
                return;
            case "TEST_TRAFFIC_SHIFT":
                rollout.Deployment.TestWeight = 100;
                break;
            case "PRODUCTION_TRAFFIC_SHIFT":
                Shift(service, rollout, step.ProductionWeight!.Value);
                break;
            default:
                break;
        }

        agenda.Plan(options.Stage + step.Wait, () => Next(service, rollout));
    }

    private static void Shift(Service service, ServiceDeployment rollout, double weight)
    {
        foreach (var deployment in service.Deployments)
        {
            (deployment.ProductionWeight, deployment.TestWeight) = (0, deployment == rollout.Deployment ? deployment.TestWeight : 0);
        }

        rollout.Deployment.ProductionWeight = weight;
        if (service.LastCompleted is { } blue && blue != rollout.Deployment)
        {
            blue.ProductionWeight = 100 - weight;
        }
    }
}
