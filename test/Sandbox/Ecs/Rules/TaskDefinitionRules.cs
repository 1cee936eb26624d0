using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandbox.Ecs.Api;

namespace Sandbox.Ecs.Rules;

/// <summary>What RegisterTaskDefinition refuses beyond types and enums. Texts that no public report shows are inferred, in AWS's manner.</summary>
public static partial class TaskDefinitionRules
{
    public static void Check(JsonObject input)
    {
        if (!Family().IsMatch(input.Text("family") ?? ""))
        {
            throw Errors.Client("Family contains invalid characters.");
        }

        var containers = input.Objects("containerDefinitions").ToList();
        CheckRoles(input);
        CheckContainers(containers);
        DependencyRules.Check(containers);
        CheckNetwork(input, containers);
        // The ECS guide's API error messages: Invalid 'cpu' setting for task.
        if (input.Text("cpu") is { } cpu && Amounts.Cpu(cpu) is null)
        {
            throw Errors.Client("Invalid 'cpu' setting for task.");
        }

        if (input.Text("memory") is { } memory && Amounts.Memory(memory) is null)
        {
            throw Errors.Client("Invalid 'memory' setting for task.");
        }

        var fargate = input.Texts("requiresCompatibilities").Contains("FARGATE");
        if (fargate)
        {
            CheckFargate(input, containers);
        }
        else if (input["memory"] is null && containers.Find(container => container["memory"] is null && container["memoryReservation"] is null) is { } bare)
        {
            throw Errors.Client($"Invalid setting for container '{bare.Text("name")}'. At least one of 'memory' or 'memoryReservation' must be specified.");
        }

        CheckSecrets(input, containers);
        CheckLogs(containers, fargate);
    }

    /// <summary>An empty role is refused (fabfuel/ecs-deploy#231).</summary>
    private static void CheckRoles(JsonObject input)
    {
        foreach (var member in new[] { "taskRoleArn", "executionRoleArn" })
        {
            if (input.Text(member) is { } role && !Role().IsMatch(role))
            {
                throw Errors.Client("Role is not valid");
            }
        }
    }

    private static void CheckContainers(List<JsonObject> containers)
    {
        if (containers.Count == 0)
        {
            throw Errors.Client("Container list cannot be empty.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var container in containers)
        {
            var name = container.Text("name") ?? "";
            _ = !ContainerName().IsMatch(name) ? throw Errors.Client("Container.name contains invalid characters.")
                : !names.Add(name) ? throw Errors.Client($"Container name '{name}' is used more than once.")
                : container.Text("image") is not { Length: > 0 } image ? throw Errors.Client("Container.image should not be null or empty.")
                : Image().IsMatch(image) ? name : throw Errors.Client("Container.image contains invalid characters.");
        }

        if (containers.TrueForAll(container => (bool?)container["essential"] == false))
        {
            throw Errors.Client("At least one container should be essential.");
        }
    }

    private static void CheckNetwork(JsonObject input, List<JsonObject> containers)
    {
        if (input.Text("networkMode") != "awsvpc")
        {
            return;
        }

        foreach (var mapping in containers.SelectMany(container => container.Objects("portMappings")))
        {
            if ((int?)mapping["hostPort"] is { } host and not 0 && host != (int?)mapping["containerPort"])
            {
                throw Errors.Client("When networkMode=awsvpc, the host ports and container ports in port mappings must match.");
            }
        }

        if (containers.Exists(container => container["links"] is JsonArray { Count: > 0 }))
        {
            throw Errors.Client("Links are not supported when networkMode=awsvpc.");
        }
    }

    private static void CheckFargate(JsonObject input, List<JsonObject> containers)
    {
        var cpu = input.Text("cpu") ?? throw Errors.Client("Fargate requires that 'cpu' be defined at the task level.");
        var memory = input.Text("memory") ?? throw Errors.Client("Fargate requires that 'memory' be defined at the task level.");
        if (input.Text("networkMode") != "awsvpc")
        {
            throw Errors.Client("Fargate only supports network mode ‘awsvpc’.");
        }

        if (Amounts.Cpu(cpu) is not { } units || Amounts.Memory(memory) is not { } size || !FargateSizes.Exists(units, size))
        {
            throw Errors.Client("No Fargate configuration exists for given values.");
        }

        if (input.Text("executionRoleArn") is not null)
        {
            return;
        }

        if (containers.Exists(container => EcrImage().IsMatch(container.Text("image") ?? "")))
        {
            throw Errors.Client("Fargate requires task definition to have execution role ARN to support ECR images.");
        }

        if (containers.Exists(container => (string?)container["logConfiguration"]?["logDriver"] == "awslogs"))
        {
            throw Errors.Client("Fargate requires task definition to have execution role ARN to support log driver awslogs.");
        }
    }

    private static void CheckSecrets(JsonObject input, List<JsonObject> containers)
    {
        if (input.Text("executionRoleArn") is null && containers.Exists(container => container["secrets"] is JsonArray { Count: > 0 }))
        {
            throw Errors.Client("When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.");
        }
    }

    /// <summary>LogConfiguration.options in the ECS model: region and group are required, the prefix too on Fargate.</summary>
    private static void CheckLogs(List<JsonObject> containers, bool fargate)
    {
        string[] required = fargate ? ["awslogs-region", "awslogs-group", "awslogs-stream-prefix"] : ["awslogs-region", "awslogs-group"];
        foreach (var logs in containers.Select(container => container["logConfiguration"]).OfType<JsonObject>().Where(logs => logs.Text("logDriver") == "awslogs"))
        {
            var missing = required.Where(option => logs["options"]?[option] is null).ToList();
            if (missing.Count > 0)
            {
                throw Errors.Client($"Log driver awslogs requires options: {string.Join(", ", missing)}");
            }
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,255}\z")]
    private static partial Regex Family();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,255}\z")]
    private static partial Regex ContainerName();

    [GeneratedRegex(@"^(arn:[\w-]+:iam::[0-9]{12}:role/[\w+=,.@/-]+|[\w+=,.@/-]+)\z")]
    private static partial Regex Role();

    /// <summary>ContainerDefinition.image: <c>repository-url/image:tag</c> or <c>repository-url/image@digest</c>.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:/-]*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?\z")]
    private static partial Regex Image();

    [GeneratedRegex(@"^[0-9]{12}\.dkr[.-]ecr[.-]")]
    private static partial Regex EcrImage();
}
