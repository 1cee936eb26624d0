using EcsDeploy.Aws;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Says whose rollout is under way on a service before another one takes its place.</summary>
internal sealed class OthersRollout(EcsClient ecs, ILogger log)
{
    public async Task TellAsync(ServiceState service, string next, CancellationToken token)
    {
        // One that rolls the same would have been followed, so it is not asked for again.
        if (service.Primary is not { } primary || primary.TaskDefinition == next || !await new LatestRollout(ecs).IsUnderWayAsync(service, token))
        {
            return;
        }

        log.Warning(
            "Another rollout is under way on service {Service}: {Whose}, deployment {Deployment}. The rollout of {TaskDefinition} takes its place.",
            service.Name, await WhoseAsync(primary.TaskDefinition, token), primary.Id, TaskDefinition.ShortName(next));
    }

    private async Task<string> WhoseAsync(string arn, CancellationToken token)
    {
        try
        {
            var definition = await ecs.DescribeTaskDefinitionAsync(arn, token);
            return $"{definition.Name}, commit {definition.Commit ?? "unknown"}, build {definition.Build ?? "unknown"}, registered by {definition.RegisteredBy ?? "unknown"}";
        }
        catch (AwsException fault)
        {
            log.Debug("Whose rollout it is could not be read: {Message}", fault.AwsMessage);
            return TaskDefinition.ShortName(arn);
        }
    }
}
