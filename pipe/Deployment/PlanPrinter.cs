using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Says what a run is about to do, or, in a dry run, what it would do.</summary>
internal sealed class PlanPrinter(Rollout rollout, ILogger log)
{
    /// <summary>What a task definition has instead of a digest that only the build will tell.</summary>
    private const string NotBuiltYet = "sha256:(known after the build)";

    public async Task PrintAsync(DeploymentPlan plan, PipeSettings settings, CancellationToken token)
    {
        log.Information("Dry run: this is what would happen, and nothing was changed");
        if (plan.Image is null && settings.Registry is { } registry)
        {
            log.Information("{Making}, and push it to {Repository} with the tags {Tags}", MakingOf(settings.Source), registry.Repository.Address, string.Join(", ", registry.Tags));
        }

        foreach (var service in plan.Services)
        {
            var change = service.TaskDefinition.With(plan.Image?.Reference ?? $"{settings.Registry?.Repository.Address}@{NotBuiltYet}", new Dictionary<string, string>());
            TellChange(service, change, log);
            TellTask(service, service.Settings.BeforeDeploy, "before");
            await TellRolloutAsync(service, change, plan.Image, token);
            TellTask(service, service.Settings.AfterDeploy, "after");
        }

        if (settings.Rollout.ForceNewDeployment)
        {
            log.Information("FORCE_NEW_DEPLOYMENT is set: new tasks are started even where nothing changed");
        }
    }

    private async Task TellRolloutAsync(ServicePlan service, TaskDefinitionChange change, PushedImage? image, CancellationToken token)
    {
        var (name, cluster) = (service.Service.Name, service.Service.ClusterName);
        if (service.Service.Primary is { } other && await rollout.IsUnderWayAsync(service.Service, token))
        {
            log.Warning("A rollout is under way on service {Service}: {TaskDefinition}, deployment {Deployment}", name, TaskDefinition.ShortName(other.TaskDefinition), other.Id);
        }

        if (service.TaskDefinition.AsItIs && image is null)
        {
            log.Information(
                "Roll service {Service} in cluster {Cluster} to {TaskDefinition}, which is there, if it has the image that the build makes: otherwise nothing is rolled",
                name, cluster, service.TaskDefinition.Base.Name);
        }
        else if (change.Existing is not { } existing)
        {
            log.Information(
                image is null
                    ? "Register a new revision of {Family} and roll service {Service} in cluster {Cluster} to it, unless the build makes the image that runs already"
                    : "Register a new revision of {Family} and roll service {Service} in cluster {Cluster} to it",
                service.TaskDefinition.Base.Family, name, cluster);
        }
        else if (await DecideAsync(service, existing, image, token) is RolloutDecision.Update)
        {
            log.Information("Roll service {Service} in cluster {Cluster} to {TaskDefinition}, which is there", name, cluster, TaskDefinition.ShortName(existing));
        }

        if (service.Request(service.TaskDefinition.Base.Arn, image).NewCount is { } count)
        {
            log.Information("Set the desired count of service {Service} from {Before} to {After}", name, service.Service.DesiredCount, count);
        }
    }

    /// <summary>With an image that is still to be made nobody can say what runs already.</summary>
    private async Task<RolloutDecision> DecideAsync(ServicePlan service, string definition, PushedImage? image, CancellationToken token)
    {
        var decision = await rollout.DecideAsync(service.Request(definition, image), token);
        switch (decision)
        {
            case RolloutDecision.Nothing nothing:
                log.Information("Service {Service}: {Verdict}, it has this task definition already", service.Service.Name, nothing.Verdict.Words);
                foreach (var remark in nothing.Remarks)
                {
                    log.Warning("{Service}: {Remark}", service.Service.Name, remark);
                }

                break;
            case RolloutDecision.Adopt:
                log.Information("Follow the rollout of service {Service} that is under way", service.Service.Name);
                break;
        }

        return decision;
    }

    private void TellTask(ServicePlan service, OneOffTask? task, string when)
    {
        if (task is not null)
        {
            log.Information(
                "Run a task {When} the rollout of service {Service}, container {Container} of {TaskDefinition}: {Command}",
                when, service.Service.Name, task.Container ?? service.TaskDefinition.Containers[0], task.TaskDefinition ?? "the new revision",
                string.Join(' ', (task.EntryPoint.Count > 0 ? task.EntryPoint : ["(the entry point)"]).Concat(task.Arguments)));
        }
    }

    /// <summary>The differences, a line each, and what a newer revision by somebody else would lose.</summary>
    public static void TellChange(ServicePlan service, TaskDefinitionChange change, ILogger log)
    {
        var (name, live, named) = (service.Service.Name, service.TaskDefinition.Live.Name, service.TaskDefinition.Base.Name);
        if (change.Differences.Count > 0)
        {
            log.Information("{Service}: changes against {TaskDefinition}", name, live);
        }
        else if (service.TaskDefinition.AsItIs && named != live)
        {
            log.Information("{Service}: {Named} is as {TaskDefinition}, which runs", name, named, live);
        }
        else
        {
            log.Information("{Service}: the task definition stays {TaskDefinition}", name, live);
        }

        foreach (var difference in change.Differences)
        {
            log.Information("  {Difference}", difference);
        }

        var leftOut = service.TaskDefinition.LeftOut(change);
        if (leftOut.Count > 0)
        {
            log.Warning(
                "{Service}: {Newest} is newer than what runs, registered by {By}, and was never rolled; this run starts from {Live} and leaves out its changes. "
                + "Set TASK_DEFINITION to family:{Family} to start from the newest",
                service.Service.Name, service.TaskDefinition.Newest!.Name, service.TaskDefinition.Newest.RegisteredBy ?? "somebody else",
                service.TaskDefinition.Live.Name, service.TaskDefinition.Newest.Family);
            foreach (var difference in leftOut)
            {
                log.Warning("  {Difference}", difference);
            }
        }
    }

    private static string MakingOf(ImageSource? source) => source switch
    {
        ImageSource.Project { Path: { } path } => $"Publish the project {path} into an image",
        ImageSource.Project => "Publish the one web project of the clone into an image",
        ImageSource.PublishedFolder folder => $"Lay the published folder {folder.Path} into an image",
        ImageSource.Dockerfile file => $"Build {file.Path} with Docker",
        ImageSource.DockerImage image => $"Take Docker's image {image.Name}",
        ImageSource.Archive archive => $"Take the image in {archive.Path}",
        _ => "Take the image",
    };
}
