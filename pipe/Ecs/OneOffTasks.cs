using System.Text.Json.Nodes;
using EcsDeploy.Outcomes;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Runs a task once with the service's network, capacity and platform, and never a second time for the same work while the first one lives or succeeded.</summary>
internal sealed class OneOffTasks(EcsClient ecs, TaskDefinitions definitions, ContainerLogs? logs, TimeProvider time, ILogger log)
{
    public async Task<OneOffOutcome> RunAsync(OneOffRequest request, CancellationToken token)
    {
        var began = time.GetTimestamp();
        var plan = await new OneOffDefinitions(definitions).PlanAsync(request, token);
        var outcome = await RunAsync(request, plan, token);
        return outcome with { Duration = time.GetElapsedTime(began) };
    }

    private async Task<OneOffOutcome> RunAsync(OneOffRequest request, OneOffPlan plan, CancellationToken token)
    {
        var earlier = await EarlierAsync(request, plan, token);
        if (Useful(earlier, plan.Container) is { } found)
        {
            log.Information("The task {When} was begun by an earlier run ({Task}): it is not run again.", request.When, found.Id);
            return await FollowAsync(request, plan, await ecs.DescribeTaskDefinitionAsync(found.TaskDefinition, token), found, token);
        }

        if (request.MayBeLongDone && earlier.Count == 0)
        {
            log.Information("The task {When} is not run: the registry has on record that this image succeeded here.", request.When);
            return new OneOffOutcome { Succeeded = true };
        }

        var definition = await definitions.RegisterAsync(plan.Change, token);
        var (task, refusal) = await StartAsync(request, plan, definition, token);
        var outcome = task is null ? new OneOffOutcome { Succeeded = false, Reasons = refusal } : await FollowAsync(request, plan, definition, task, token);
        return outcome.Succeeded || definition.Arn == request.Definition.Arn ? outcome : outcome with { Reasons = [.. outcome.Reasons, $"The task's own definition was {definition.Name}."] };
    }

    private Task<OneOffOutcome> FollowAsync(OneOffRequest request, OneOffPlan plan, TaskDefinition definition, TaskState task, CancellationToken token) =>
        new OneOffWatch(ecs, new OneOffOutput(logs?.StreamOf(definition, plan.Container, task.Id), logs, plan.Container, time, log), time, log)
            .FollowAsync(request, plan.Container, task, token);

    /// <summary>What earlier runs began for this very work and occasion, as far as ECS remembers: stopped tasks for an hour.</summary>
    private async Task<IReadOnlyList<TaskState>> EarlierAsync(OneOffRequest request, OneOffPlan plan, CancellationToken token)
    {
        var mine = new List<TaskState>();
        foreach (var status in new[] { "RUNNING", "STOPPED" })
        {
            // startedBy must be the only filter of ListTasks (ECS model), so it is looked for in the answers.
            var arns = await ecs.ListTasksAsync(
                new JsonObject { ["cluster"] = request.Service.ClusterArn, ["family"] = plan.Family, ["desiredStatus"] = status }, token);
            mine.AddRange((await ecs.DescribeTasksAsync(request.Service.ClusterArn, arns, token)).Where(task => task.StartedBy == request.Mark));
        }

        return mine;
    }

    /// <summary>A task that still runs, or that did its work.</summary>
    private static TaskState? Useful(IReadOnlyList<TaskState> earlier, string container) =>
        earlier.FirstOrDefault(task => !task.IsStopped)
        ?? earlier.FirstOrDefault(task => task.Containers.Any(item => item.Name == container && item.ExitCode == 0));

    private async Task<(TaskState? Task, IReadOnlyList<string> Refusal)> StartAsync(
        OneOffRequest request, OneOffPlan plan, TaskDefinition definition, CancellationToken token)
    {
        log.Information(
            "Running a task {When} with {TaskDefinition} in cluster {Cluster}, container {Container}: {Command}",
            request.When, definition.Name, request.Service.ClusterName, plan.Container, request.CommandLine(definition, plan.Container));

        // The client token makes it one task however often the call is sent.
        var answer = await ecs.ReadAsync("RunTask", OneOffInput.Of(request, plan.Container, definition), token);
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
}
