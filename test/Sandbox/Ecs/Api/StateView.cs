using System.Text.Json.Nodes;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Api;

/// <summary>A short account of everything, for the sandbox's state page.</summary>
public static class StateView
{
    public static JsonObject Of(IEnumerable<EcsAccount> accounts) => new()
    {
        ["clusters"] = Json.Array(accounts.SelectMany(account => account.Clusters.Values).Where(cluster => cluster.Active).Select(Cluster)),
        ["taskDefinitions"] = Json.Strings(accounts.SelectMany(account => account.Families.Values).SelectMany(family => family.Revisions.Values).Select(definition => definition.Arn)),
    };

    private static JsonObject Cluster(Cluster cluster) => new()
    {
        ["cluster"] = cluster.Arn,
        ["services"] = Json.Array(cluster.Services.Values.Select(Service)),
        ["otherTasks"] = Json.Array(cluster.TasksInOrder.Where(task => task.Service is null).Reverse().Take(20).Select(Task)),
    };

    private static JsonObject Service(Service service) => new JsonObject
    {
        ["service"] = service.Name,
        ["status"] = service.Status,
        ["desired"] = service.DesiredCount,
        ["running"] = service.Deployments.Sum(deployment => deployment.Running),
        ["taskDefinition"] = service.TaskDefinition?.Arn,
        ["deployment"] = service.Newest?.Arn,
        ["deploymentStatus"] = service.Newest?.Status,
        ["deploymentReason"] = service.Newest?.StatusReason,
        ["deployments"] = Json.Array(service.Deployments.Select(deployment => new JsonObject
        {
            ["id"] = deployment.Id,
            ["primary"] = deployment.Primary,
            ["taskDefinition"] = deployment.Revision.TaskDefinition.Arn,
            ["rolloutState"] = deployment.RolloutState,
            ["running"] = deployment.Running,
            ["failed"] = deployment.FailedTasks,
        })),
        ["tasks"] = Json.Array(service.Tasks.Reverse().Take(20).Select(Task)),
        ["events"] = Json.Strings(service.Events.Latest.Take(10).Select(item => $"{item.CreatedAt:HH:mm:ss} {item.Message}")),
    }.WithoutNulls();

    private static JsonObject Task(EcsTask task) => new JsonObject
    {
        ["task"] = task.Id,
        ["status"] = task.LastStatus,
        ["definition"] = EcsNames.Last(task.Definition.Arn),
        ["stoppedReason"] = task.StoppedReason,
        ["containers"] = Json.Array(task.Containers.Select(container => new JsonObject
        {
            ["name"] = container.Name,
            ["image"] = container.Image,
            ["status"] = container.LastStatus,
            ["health"] = container.HealthStatus,
            ["exitCode"] = container.ExitCode,
            ["endpoint"] = container.Endpoint,
        }.WithoutNulls())),
    }.WithoutNulls();
}
