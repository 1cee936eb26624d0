using System.Globalization;
using System.Text.Json.Nodes;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>Tasks: listed, described, stopped.</summary>
public sealed class TaskOperations(ApiParts parts)
{
    public JsonObject List(ApiCall call)
    {
        var instance = call.Input.Text("containerInstance");
        var resource = instance is null ? "*" : parts.Account(call).Names.ContainerInstance(EcsNames.Last(parts.ClusterArn(call)), EcsNames.Last(instance));
        parts.Access.Demand(call, "ListTasks", resource, ("ecs:cluster", parts.ClusterArn(call)));
        var cluster = Cluster(call);
        var input = call.Input;
        if (input.Text("startedBy") is not null && (input["containerInstance"] ?? input["family"] ?? input["serviceName"]) is not null)
        {
            throw Errors.Invalid("When you specify startedBy as the filter, it must be the only filter that you use.");
        }

        var source = cluster.TasksInOrder;
        if (input.Text("serviceName") is { } name)
        {
            source = cluster.Services.TryGetValue(EcsNames.Last(name), out var service) ? service.Tasks : throw Errors.ServiceNotFound();
        }

        var answer = new JsonObject();
        var page = new PageOf<EcsTask>(
            100,
            100,
            after => Behind(source, after).Where(task => Fits(task, input) && (instance is null || task.Instance?.Arn == resource)),
            task => task.Number.ToString(CultureInfo.InvariantCulture),
            task => task.Arn);
        answer["taskArns"] = parts.Paging.Page(call, answer, page);
        return answer;
    }

    public JsonObject Describe(ApiCall call)
    {
        var wanted = call.Input.Texts("tasks");
        if (wanted.Count is 0 or > 100)
        {
            throw Errors.Invalid(wanted.Count == 0 ? "Tasks cannot be empty." : "Tasks should contain at most 100 items.");
        }

        var names = parts.Account(call).Names;
        var clusterName = EcsNames.Last(parts.ClusterArn(call));
        foreach (var item in wanted)
        {
            var arn = EcsNames.AccountOf(item) is null ? names.Task(clusterName, item) : item;
            parts.Access.Demand(call, "DescribeTasks", arn, ("ecs:cluster", parts.ClusterArn(call)));
        }

        var cluster = Cluster(call);
        var tags = call.Input.Texts("include").Contains("TAGS");
        var found = new JsonArray();
        var failures = new JsonArray();
        foreach (var item in wanted)
        {
            if (cluster.Tasks.TryGetValue(EcsNames.Last(item), out var task) && (task.Service is not null || parts.Now - task.CreatedAt >= parts.Options.ReadLag))
            {
                found.Add((JsonNode)TaskView.Of(task, tags));
            }
            else
            {
                failures.Add((JsonNode)new JsonObject { ["arn"] = names.Task(cluster.Name, EcsNames.Last(item)), ["reason"] = "MISSING" });
            }
        }

        return new JsonObject { ["tasks"] = found, ["failures"] = failures };
    }

    public JsonObject Stop(ApiCall call)
    {
        var id = EcsNames.Last(call.Input.Text("task") ?? "");
        parts.Access.Demand(call, "StopTask", parts.Account(call).Names.Task(EcsNames.Last(parts.ClusterArn(call)), id), ("ecs:cluster", parts.ClusterArn(call)));
        if (!Cluster(call).Tasks.TryGetValue(id, out var task))
        {
            throw Errors.Invalid("The referenced task was not found.");
        }

        parts.Engine.StopTask(task, "UserInitiated", call.Input.Text("reason") ?? "Task stopped by user");
        return new JsonObject { ["task"] = TaskView.Of(task, false) };
    }

    private static SortedSet<EcsTask> Behind(SortedSet<EcsTask> tasks, string? last)
    {
        if (last is null || tasks.Max is not { } newest || !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return tasks;
        }

        return number >= newest.Number ? [] : tasks.GetViewBetween(EcsTask.Marker(number + 1), newest);
    }

    /// <summary>desiredStatus is RUNNING unless said otherwise; PENDING finds nothing (ListTasks in the ECS model).</summary>
    private static bool Fits(EcsTask task, JsonObject input) =>
        task.DesiredStatus == (input.Text("desiredStatus") ?? "RUNNING")
        && (input.Text("family") is not { } family || task.Definition.Family == family)
        && (input.Text("startedBy") is not { } by || task.StartedBy == by)
        && (input.Text("launchType") is not { } type || task.LaunchType == type);

    private Cluster Cluster(ApiCall call)
    {
        var cluster = parts.Cluster(call);
        cluster.Forget(parts.Now - parts.Options.StoppedTasksKept);
        return cluster;
    }
}
