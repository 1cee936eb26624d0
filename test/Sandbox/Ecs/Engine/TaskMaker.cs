using System.Text.Json.Nodes;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>Makes the record of a new task from its definition and its service.</summary>
public sealed class TaskMaker(Agenda agenda, Ids ids)
{
    public EcsTask ForService(Service service, Deployment deployment, ContainerInstance? instance) => new()
    {
        Number = ids.Number(),
        Id = ids.Hex(),
        Cluster = service.Cluster,
        Service = service,
        Deployment = deployment,
        Definition = deployment.Revision.TaskDefinition,
        LaunchType = service.LaunchType,
        Group = $"service:{service.Name}",
        StartedBy = deployment.Id,
        Instance = instance,
        CreatedAt = agenda.Now,
        Tags = Tags(service, deployment.Revision.TaskDefinition),
        Extra = new JsonObject { ["enableExecuteCommand"] = (bool?)service.Definition["enableExecuteCommand"] ?? false },
        Containers = Containers(deployment.Revision.TaskDefinition),
    };

    public List<EcsContainer> Containers(TaskDefinition definition) =>
    [
        .. definition.Containers.Select(container => new EcsContainer
        {
            Name = (string?)container["name"] ?? "",
            Id = ids.Uuid(),
            Image = (string?)container["image"] ?? "",
            Definition = container,
        }),
    ];

    private static JsonArray Tags(Service service, TaskDefinition definition)
    {
        var tags = (string?)service.Definition["propagateTags"] switch
        {
            "SERVICE" => (JsonArray)service.Tags.DeepClone(),
            "TASK_DEFINITION" => (JsonArray)definition.Tags.DeepClone(),
            _ => [],
        };
        if ((bool?)service.Definition["enableECSManagedTags"] == true)
        {
            tags.Add((JsonNode)new JsonObject { ["key"] = "aws:ecs:clusterName", ["value"] = service.Cluster.Name });
            tags.Add((JsonNode)new JsonObject { ["key"] = "aws:ecs:serviceName", ["value"] = service.Name });
        }

        return tags;
    }
}
