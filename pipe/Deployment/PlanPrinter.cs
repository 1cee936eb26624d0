using EcsDeploy.Ecs;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Says what a run is about to do, or, in a dry run, what it would do.</summary>
internal sealed class PlanPrinter(ILogger log)
{
    /// <summary>What a task definition has instead of a digest that only the build will tell.</summary>
    private const string NotBuiltYet = "sha256:(known after the build)";

    public void Print(DeploymentPlan plan, PipeSettings settings)
    {
        log.Information("Dry run: this is what would happen, and nothing was changed");
        var image = plan.Image?.Reference ?? $"{settings.Registry?.Repository.Address}@{NotBuiltYet}";
        if (plan.Image is null && settings.Registry is { } registry)
        {
            log.Information("Build {Source} and push it to {Repository} with the tags {Tags}", SourceOf(settings.Source), registry.Repository.Address, registry.Tags);
        }

        foreach (var service in plan.Services)
        {
            var change = service.TaskDefinition.With(image, new Dictionary<string, string>());
            TellChange(service, change, log);
            var (name, cluster) = (service.Service.Name, service.Service.ClusterName);
            if (change.Existing is { } existing)
            {
                log.Information("Roll service {Service} in cluster {Cluster} to {TaskDefinition}, which is there", name, cluster, TaskDefinition.ShortName(existing));
            }
            else
            {
                log.Information("Register a new revision of {Family} and roll service {Service} in cluster {Cluster} to it", service.TaskDefinition.Base.Family, name, cluster);
            }
        }
    }

    /// <summary>The differences, a line each, and what a newer revision by somebody else would lose.</summary>
    public static void TellChange(ServicePlan service, TaskDefinitionChange change, ILogger log)
    {
        log.Information(
            change.Differences.Count == 0 ? "{Service}: the task definition stays {TaskDefinition}" : "{Service}: changes against {TaskDefinition}",
            service.Service.Name, service.TaskDefinition.Live.Name);
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

    private static string SourceOf(ImageSource? source) => source switch
    {
        ImageSource.Project { Path: { } path } => $"the project {path}",
        ImageSource.Project => "the one web project of the clone",
        ImageSource.PublishedFolder folder => $"the published folder {folder.Path}",
        ImageSource.Dockerfile file => $"the Dockerfile {file.Path}",
        ImageSource.DockerImage image => $"Docker's image {image.Name}",
        ImageSource.Archive archive => $"the archive {archive.Path}",
        _ => "the image",
    };
}
