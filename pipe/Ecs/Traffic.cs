using EcsDeploy.Outcomes;

namespace EcsDeploy.Ecs;

/// <summary>Which version serves in the middle of a rollout: by traffic weights where ECS shifts traffic, else by running tasks.</summary>
internal static class Traffic
{
    public static Serving Of(Observation look, OurRollout ours)
    {
        if (look.Service is not { } service)
        {
            return Serving.Unknown;
        }

        if (look.ServiceDeployment?.Target?.Traffic is { } percent && !service.Rules.IsRolling)
        {
            return percent switch { <= 0 => Serving.Old, >= 100 => Serving.New, _ => Serving.Both };
        }

        var mine = service.Deployment(ours.DeploymentId)?.Running > 0;
        var others = service.Deployments.Any(deployment => deployment.Id != ours.DeploymentId && deployment.Running > 0);
        return (mine, others) switch
        {
            (true, true) => Serving.Both,
            (true, false) => Serving.New,
            (false, true) => Serving.Old,
            _ => Serving.Nothing,
        };
    }
}
