using System.Text.Json.Nodes;

namespace EcsDeploy.Ecs;

/// <summary>The input of RunTask: what the service's own tasks get of network, capacity, placement and volumes, with other arguments.</summary>
internal static class OneOffInput
{
    /// <summary>What services and RunTask call by the same name (ECS model, Service and RunTaskRequest).</summary>
    private static readonly string[] SameNames =
        ["capacityProviderStrategy", "launchType", "platformVersion", "networkConfiguration", "placementConstraints", "placementStrategy", "enableECSManagedTags", "propagateTags"];

    public static JsonObject Of(OneOffRequest request, string container, TaskDefinition definition)
    {
        var input = new JsonObject
        {
            ["cluster"] = request.Service.ClusterArn,
            ["taskDefinition"] = definition.Arn,
            ["count"] = 1,
            ["startedBy"] = request.Mark,
            ["clientToken"] = Guid.NewGuid().ToString("N"),
            ["overrides"] = new JsonObject
            {
                ["containerOverrides"] = new JsonArray(new JsonObject { ["name"] = container, ["command"] = request.Wish.Arguments.ToJson() }),
            },
        };
        foreach (var member in SameNames)
        {
            if (IsGiven(request.Service.Json, member))
            {
                input[member] = request.Service.Json[member]!.DeepClone();
            }
        }

        if (Volumes(request.Service, definition) is { Count: > 0 } volumes)
        {
            input["volumeConfigurations"] = volumes;
        }

        return input;
    }

    /// <summary>A capacity provider strategy and a launch type exclude each other (ECS model, RunTaskRequest); a service has one of them.</summary>
    private static bool IsGiven(JsonObject service, string member) => service[member] switch
    {
        null or JsonArray { Count: 0 } => false,
        _ when member == "launchType" => service["capacityProviderStrategy"] is not JsonArray { Count: > 0 },
        _ when member == "propagateTags" => service.Text(member) is "TASK_DEFINITION",
        _ => true,
    };

    /// <summary>Volumes that are made at launch stand on the deployment; those that this definition has not would be refused.</summary>
    private static JsonArray Volumes(ServiceState service, TaskDefinition definition)
    {
        var wanted = definition.Json.Members("volumes").Where(volume => volume.Flag("configuredAtLaunch") == true).Select(volume => volume.Text("name")).ToHashSet();
        var primary = service.Json.Members("deployments").FirstOrDefault(deployment => deployment.Text("status") == "PRIMARY");
        return new JsonArray([.. primary.Members("volumeConfigurations").Where(volume => wanted.Contains(volume.Text("name"))).Select(volume => volume.DeepClone())]);
    }
}
