using System.Text.Json.Nodes;
using EcsDeploy.Outcomes;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Runs a task once with the service's network, capacity and platform, and never a second time for the same work while the first one lives or succeeded.</summary>
internal sealed class OneOffTasks(EcsClient ecs, ContainerLogs? logs, TimeProvider time, ILogger log)
{
    public async Task<OneOffOutcome> RunAsync(OneOffRequest request, CancellationToken token)
    {
        var began = time.GetTimestamp();
        var definition = await DefinitionAsync(request, token);
        var container = request.ContainerName;
        if (!definition.ContainerNames.Contains(container))
        {
            throw new EcsSettingsException(
                $"Task definition {definition.Name} has no container '{container}' to run the task {request.When}. It has: {string.Join(", ", definition.ContainerNames)}.");
        }

        var (task, refusal) = await FindAsync(request, definition, token) is { } found ? (found, []) : await StartAsync(request, definition, token);
        var outcome = task is null
            ? new OneOffOutcome { Succeeded = false, Reasons = refusal }
            : await new OneOffWatch(ecs, logs, time, log).FollowAsync(request, definition, task, token);
        return outcome with { Duration = time.GetElapsedTime(began) };
    }

    /// <summary>The rollout's own definition, another one that was named, or one with another entry point: RunTask can replace a command, never an entry point.</summary>
    private async Task<TaskDefinition> DefinitionAsync(OneOffRequest request, CancellationToken token)
    {
        var definition = request.Wish.TaskDefinition is { } name ? await ecs.DescribeTaskDefinitionAsync(name, token) : request.Definition;
        if (request.Wish.EntryPoint.Count == 0)
        {
            return definition;
        }

        var input = TaskDefinitionEdit.Copy(definition, new Dictionary<string, string>());
        input["family"] = $"{definition.Family}-one-off";
        foreach (var container in input.Members("containerDefinitions").Where(item => item.Text("name") == request.ContainerName))
        {
            container["entryPoint"] = request.Wish.EntryPoint.ToJson();
        }

        log.Information("Registering {Family}, since a one-off task can have another entry point only through a definition of its own.", input.Text("family"));
        return await ecs.RegisterTaskDefinitionAsync(input, token);
    }

    /// <summary>What a run that was killed began: a task that still runs, or that did its work within the hour in which ECS remembers it.</summary>
    private async Task<TaskState?> FindAsync(OneOffRequest request, TaskDefinition definition, CancellationToken token)
    {
        var mine = new List<TaskState>();
        foreach (var status in new[] { "RUNNING", "STOPPED" })
        {
            // startedBy must be the only filter of ListTasks (ECS model), so it is looked for in the answers.
            var arns = await ecs.ListTasksAsync(
                new JsonObject { ["cluster"] = request.Service.ClusterArn, ["family"] = definition.Family, ["desiredStatus"] = status }, token);
            mine.AddRange((await ecs.DescribeTasksAsync(request.Service.ClusterArn, arns, token)).Where(task => task.StartedBy == request.Mark));
        }

        var found = mine.FirstOrDefault(task => !task.IsStopped)
            ?? mine.FirstOrDefault(task => task.Containers.Any(item => item.Name == request.ContainerName && item.ExitCode == 0));
        if (found is not null)
        {
            log.Information("The task {When} was begun by an earlier run ({Task}): it is not run again.", request.When, found.Id);
        }

        return found;
    }

    private async Task<(TaskState? Task, IReadOnlyList<string> Refusal)> StartAsync(OneOffRequest request, TaskDefinition definition, CancellationToken token)
    {
        log.Information(
            "Running a task {When} with {TaskDefinition} in cluster {Cluster}, container {Container}: {Command}",
            request.When, definition.Name, request.Service.ClusterName, request.ContainerName, request.CommandLine(definition));

        // The client token makes it one task however often the call is sent.
        var answer = await ecs.ReadAsync("RunTask", Input(request, definition), token);
        if (answer.Members("tasks").FirstOrDefault() is { } task)
        {
            return (new TaskState(task), []);
        }

        var refusals = answer.Members("failures")
            .Select(failure => $"{failure.Said("reason")} {failure.Said("detail")}".Trim())
            .Select(text => StopCauses.Explain(text) is { } meaning ? $"ECS could not start the task: {meaning} ({text})." : $"ECS could not start the task: {text}.")
            .ToList();
        return (null, refusals);
    }

    private static JsonObject Input(OneOffRequest request, TaskDefinition definition)
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
                ["containerOverrides"] = new JsonArray(new JsonObject { ["name"] = request.ContainerName, ["command"] = request.Wish.Arguments.ToJson() }),
            },
        };

        // A capacity provider strategy and a launch type exclude each other (ECS model, RunTaskRequest); a service has one of them.
        var service = request.Service.Json;
        foreach (var member in new[] { "capacityProviderStrategy", "launchType", "platformVersion", "networkConfiguration", "enableECSManagedTags", "propagateTags" })
        {
            var strategy = service["capacityProviderStrategy"] is JsonArray { Count: > 0 };
            var absent = member switch
            {
                "capacityProviderStrategy" => !strategy,
                "launchType" => strategy,
                "propagateTags" => service.Text(member) is not "TASK_DEFINITION",
                _ => false,
            };
            if (!absent && service[member] is { } value)
            {
                input[member] = value.DeepClone();
            }
        }

        return input;
    }
}
