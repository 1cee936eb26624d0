using EcsDeploy.Outcomes;

namespace EcsDeploy.Ecs;

/// <summary>Finds out, by reading only, what a service needs to run what was asked for.</summary>
internal sealed class RolloutDecider(EcsClient ecs)
{
    public async Task<RolloutDecision> DecideAsync(RolloutRequest request, bool force, CancellationToken token)
    {
        var service = request.Service;
        if (service.Primary is not { } primary || primary.TaskDefinition != request.TaskDefinition)
        {
            return new RolloutDecision.Update(Force: force, "the task definition changes");
        }

        return await new LatestRollout(ecs).StateAsync(service, token) switch
        {
            LatestRollout.InProgress => new RolloutDecision.Adopt(primary.Id),
            LatestRollout.Failed => new RolloutDecision.Update(Force: true, "the last rollout of the same definition failed"),
            _ when force => new RolloutDecision.Update(Force: true, "FORCE_NEW_DEPLOYMENT is set"),
            _ when service.DesiredCount == 0 && request.NewCount is null =>
                new RolloutDecision.Nothing(new Verdict.ScaledToZero { FromTheStart = true, Serving = Serving.Nothing }),
            _ when service.RunningCount != service.DesiredCount =>
                new RolloutDecision.Update(Force: true, $"{service.RunningCount} of {service.DesiredCount} tasks run"),
            _ => await ByDigestAsync(request, token),
        };
    }

    private async Task<RolloutDecision> ByDigestAsync(RolloutRequest request, CancellationToken token)
    {
        var seen = await new RunningImages(ecs).LookAsync(request, token);
        if (seen.Others.Count > 0)
        {
            return new RolloutDecision.Update(Force: true, $"running tasks have another image ({seen.Others[0]})");
        }

        return request.NewCount is { } count
            ? new RolloutDecision.Scale(count, $"the desired count changes from {request.Service.DesiredCount} to {count}")
            : new RolloutDecision.Nothing(new Verdict.NothingToDo { Serving = Serving.New }) { Remarks = seen.Remarks };
    }
}
