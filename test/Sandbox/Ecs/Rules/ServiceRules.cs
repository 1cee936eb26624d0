using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandbox.Ecs.Api;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Rules;

/// <summary>What CreateService and UpdateService refuse beyond types and enums: by the ECS model's texts and the ECS guide's API error messages.</summary>
public static partial class ServiceRules
{
    public static void CheckCreate(JsonObject input)
    {
        if (!Name().IsMatch(input.Text("serviceName") ?? ""))
        {
            throw Errors.Invalid("Invalid service name.");
        }

        CheckCount(input);
        if (input["launchType"] is not null && input["capacityProviderStrategy"] is JsonArray { Count: > 0 })
        {
            throw Errors.Invalid("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.");
        }

        var daemon = input.Text("schedulingStrategy") == "DAEMON";
        if (daemon && input.Text("launchType") == "FARGATE")
        {
            throw Errors.Invalid("The daemon scheduling strategy is not supported for the FARGATE launch type.");
        }

        if (!daemon && input["desiredCount"] is null)
        {
            throw Errors.Invalid("The desired count must be specified for the REPLICA scheduling strategy.");
        }

        if (input.Text("taskDefinition") is null && (string?)input["deploymentController"]?["type"] != "EXTERNAL")
        {
            throw Errors.Invalid("TaskDefinition can not be blank.");
        }
    }

    public static void CheckCount(JsonObject input)
    {
        if ((int?)input["desiredCount"] is < 0)
        {
            throw Errors.Invalid("desiredCount must not be negative.");
        }
    }

    /// <summary>The service as it would be, against its task definition.</summary>
    public static void CheckTogether(JsonObject service, TaskDefinition? definition, string launchType)
    {
        var configuration = service["deploymentConfiguration"] as JsonObject;
        if ((int?)configuration?["maximumPercent"] == 100 && (int?)configuration?["minimumHealthyPercent"] == 100)
        {
            throw Errors.Invalid("Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.");
        }

        StrategyRules.Check(configuration ?? []);
        if ((int?)service["healthCheckGracePeriodSeconds"] is < 0)
        {
            throw Errors.Invalid("Health check grace period must not be negative.");
        }

        if (definition is null)
        {
            return;
        }

        var awsvpc = definition.Document.Text("networkMode") == "awsvpc";
        if (awsvpc && service["networkConfiguration"]?["awsvpcConfiguration"] is null)
        {
            throw Errors.Invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
        }

        if (!awsvpc && service["networkConfiguration"] is JsonObject { Count: > 0 })
        {
            throw Errors.Invalid("Network Configuration is not valid for the given networkMode of this task definition.");
        }

        if (launchType == "FARGATE" && !definition.Document.Texts("compatibilities").Contains("FARGATE"))
        {
            throw Errors.Invalid("Task definition does not support launch_type FARGATE.");
        }

        CheckLoadBalancers(service, definition);
    }

    /// <summary>With CodeDeploy or EXTERNAL the listed members belong to the controller (UpdateService in the ECS model).</summary>
    public static void CheckController(string controller, JsonObject input)
    {
        if (controller == "ECS")
        {
            return;
        }

        var hint = controller == "CODE_DEPLOY" ? " Use AWS CodeDeploy to trigger a new deployment." : "";
        if (input["taskDefinition"] is not null)
        {
            throw Errors.Invalid($"Unable to update task definition on services with a {controller} deployment controller.{hint}");
        }

        if ((bool?)input["forceNewDeployment"] == true)
        {
            throw Errors.Invalid($"Cannot force a new deployment on services with a {controller} deployment controller.{hint}");
        }

        foreach (var (member, words) in new[] { ("networkConfiguration", "network parameters"), ("platformVersion", "platform version"), ("loadBalancers", "load balancers") })
        {
            if (input[member] is not null)
            {
                throw Errors.Invalid($"Unable to update {words} on services with a {controller} deployment controller.{hint}");
            }
        }
    }

    /// <summary>The definition is there and ACTIVE; the codes differ by call (authorization.md §5.1).</summary>
    public static TaskDefinition Usable(ApiParts parts, EcsAccount account, string reference, Func<string, ApiException> inactive)
    {
        var definition = TaskDefinitionOperations.Find(account, reference) ?? throw Errors.Client("TaskDefinition not found.");
        return TaskDefinitionOperations.Usable(definition, parts) ? definition : throw inactive("TaskDefinition is inactive");
    }

    /// <summary>CreateService.serviceName.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,255}\z")]
    private static partial Regex Name();

    private static void CheckLoadBalancers(JsonObject service, TaskDefinition definition)
    {
        foreach (var balancer in service.Objects("loadBalancers"))
        {
            var name = balancer.Text("containerName");
            var port = (int?)balancer["containerPort"];
            var container = definition.Containers.FirstOrDefault(item => item.Text("name") == name)
                ?? throw Errors.Invalid($"The container {name} does not exist in the task definition.");
            if (!container.Objects("portMappings").Any(mapping => (int?)mapping["containerPort"] == port))
            {
                throw Errors.Invalid($"The container {name} did not have a container port {port} defined.");
            }
        }
    }
}
