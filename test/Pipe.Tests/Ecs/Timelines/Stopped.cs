using System.Text.Json.Nodes;

namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Stopped tasks as DescribeTasks answers them.</summary>
internal static class Stopped
{
    public static JsonObject[] Exited(int code, int count, string? reason = null) => [.. Enumerable.Range(1, count).Select(i =>
        Task(i, "EssentialContainerExited", "Essential container in task exited", Dep.Without(new JsonObject { ["name"] = "web", ["exitCode"] = code, ["reason"] = reason, ["memory"] = "512" })))];

    public static JsonObject[] NotStarted(string reason, int count) => [.. Enumerable.Range(1, count).Select(i =>
        Task(i, "TaskFailedToStart", reason, new JsonObject { ["name"] = "web" }))];

    public static JsonObject[] Unhealthy(string reason, int count) => [.. Enumerable.Range(1, count).Select(i =>
        Task(i, "ServiceSchedulerInitiated", reason, new JsonObject { ["name"] = "web", ["exitCode"] = 143 }))];

    public static JsonObject Running(string id, string? digest, string definition = "web:2") => new()
    {
        ["taskArn"] = $"arn:aws:ecs:eu-west-1:222222222222:task/prod/{id}",
        ["taskDefinitionArn"] = Frame.Definition(definition),
        ["lastStatus"] = "RUNNING",
        ["containers"] = new JsonArray(Dep.Without(new JsonObject { ["name"] = "web", ["imageDigest"] = digest })),
    };

    private static JsonObject Task(int number, string code, string reason, JsonObject container) => new()
    {
        ["taskArn"] = $"arn:aws:ecs:eu-west-1:222222222222:task/prod/stopped{number}",
        ["startedBy"] = "ecs-svc/2",
        ["lastStatus"] = "STOPPED",
        ["stopCode"] = code,
        ["stoppedReason"] = reason,
        ["containers"] = new JsonArray(container),
    };
}
