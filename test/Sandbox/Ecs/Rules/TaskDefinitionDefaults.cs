using System.Globalization;
using System.Text.Json.Nodes;
using Sandbox.Ecs.Api;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Rules;

/// <summary>What ECS adds to a definition when it is registered (ecs.md §5, traps 8 and 11; TaskDefinition in the ECS model).</summary>
public static class TaskDefinitionDefaults
{
    public static JsonObject Complete(JsonObject input, EcsNames names)
    {
        var document = (JsonObject)WithoutNulls(input);
        document.Remove("tags");
        foreach (var role in new[] { "taskRoleArn", "executionRoleArn" })
        {
            if (document.Text(role) is { } value)
            {
                document[role] = names.Role(value);
            }
        }

        Normalise(document, "cpu", Amounts.Cpu);
        Normalise(document, "memory", Amounts.Memory);
        foreach (var container in document.Objects("containerDefinitions"))
        {
            Complete(container, document.Text("networkMode") == "awsvpc");
        }

        document["volumes"] ??= new JsonArray();
        document["placementConstraints"] ??= new JsonArray();
        document["enableFaultInjection"] ??= false;
        document["compatibilities"] = Compatibilities(document);
        document["requiresAttributes"] = Attributes(document);
        return document;
    }

    private static void Complete(JsonObject container, bool awsvpc)
    {
        container["cpu"] ??= 0;
        container["essential"] ??= true;
        foreach (var member in new[] { "portMappings", "environment", "mountPoints", "volumesFrom", "systemControls" })
        {
            container[member] ??= new JsonArray();
        }

        foreach (var mapping in container.Objects("portMappings"))
        {
            mapping["protocol"] ??= "tcp";
            if (awsvpc && mapping["containerPort"] is { } port)
            {
                mapping["hostPort"] = port.DeepClone();
            }
            else
            {
                mapping["hostPort"] ??= 0;
            }
        }
    }

    private static void Normalise(JsonObject document, string member, Func<string, int?> read)
    {
        if (document.Text(member) is { } text && read(text) is { } amount)
        {
            document[member] = amount.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static JsonArray Compatibilities(JsonObject document)
    {
        var fargate = document.Text("networkMode") == "awsvpc"
            && Amounts.Cpu(document.Text("cpu") ?? "") is { } cpu && Amounts.Memory(document.Text("memory") ?? "") is { } memory && FargateSizes.Exists(cpu, memory);
        return Json.Strings(fargate ? ["EC2", "FARGATE", "MANAGED_INSTANCES"] : ["EXTERNAL", "EC2", "MANAGED_INSTANCES"]);
    }

    private static JsonArray Attributes(JsonObject document)
    {
        var containers = document.Objects("containerDefinitions").ToList();
        var ecr = containers.Exists(container => (container.Text("image") ?? "").Contains(".dkr", StringComparison.Ordinal));
        var logs = containers.Exists(container => (string?)container["logConfiguration"]?["logDriver"] == "awslogs");
        var role = document["executionRoleArn"] is not null;
        (string Name, bool Needed)[] attributes =
        [
            ("com.amazonaws.ecs.capability.docker-remote-api.1.18", true),
            ("com.amazonaws.ecs.capability.ecr-auth", ecr),
            ("ecs.capability.execution-role-ecr-pull", ecr && role),
            ("com.amazonaws.ecs.capability.logging-driver.awslogs", logs),
            ("ecs.capability.execution-role-awslogs", logs && role),
            ("com.amazonaws.ecs.capability.task-iam-role", document["taskRoleArn"] is not null),
            ("ecs.capability.task-eni", document.Text("networkMode") == "awsvpc"),
            ("ecs.capability.container-health-check", containers.Exists(container => container["healthCheck"] is not null)),
        ];
        return Json.Array(attributes.Where(attribute => attribute.Needed).Select(attribute => new JsonObject { ["name"] = attribute.Name }));
    }

    private static JsonNode WithoutNulls(JsonNode node) => node switch
    {
        JsonObject value => new JsonObject(value.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Key, (JsonNode?)WithoutNulls(member.Value!)))),
        JsonArray array => new JsonArray([.. array.OfType<JsonNode>().Select(WithoutNulls)]),
        _ => node.DeepClone(),
    };
}
