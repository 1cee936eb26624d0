using System.Text.Json.Nodes;

namespace Pipe.Tests.Ecs.Timelines;

/// <summary>What ECS would answer of one service from a moment on, until the next frame.</summary>
internal sealed record Frame
{
    public const string Cluster = "arn:aws:ecs:eu-west-1:222222222222:cluster/prod";

    private const string Arn = "arn:aws:ecs:eu-west-1:222222222222:";

    /// <summary>Seconds after UpdateService took effect.</summary>
    public double At { get; init; }

    public string Status { get; init; } = "ACTIVE";

    public int Desired { get; init; } = 2;

    public IReadOnlyList<Dep> Deployments { get; init; } = [];

    /// <summary>The service deployment that stands beside the service, by its short name; null for none.</summary>
    public string? Current { get; init; }

    public IReadOnlyList<Sd> ServiceDeployments { get; init; } = [];

    public IReadOnlyList<JsonObject> Stopped { get; init; } = [];

    /// <summary>The answer has no <c>deployments</c> at all.</summary>
    public bool WithoutDeployments { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public int Running => Deployments.Sum(item => item.Running);

    public static string Definition(string name) => $"{Arn}task-definition/{name}";

    public static string ServiceDeployment(string name) => $"{Arn}service-deployment/prod/web/{name}";

    public static string Revision(string definition) => $"{Arn}service-revision/prod/web/{definition.Replace(':', '-')}";

    public JsonObject Service(JsonObject configuration)
    {
        var service = new JsonObject
        {
            ["serviceArn"] = $"{Arn}service/prod/web",
            ["serviceName"] = "web",
            ["clusterArn"] = Cluster,
            ["status"] = Status,
            ["desiredCount"] = Desired,
            ["runningCount"] = Running,
            ["pendingCount"] = Deployments.Sum(item => item.Pending),
            ["taskDefinition"] = Definition(Deployments.FirstOrDefault(item => item.Status == "PRIMARY")?.Def ?? "web:1"),
            ["deploymentConfiguration"] = configuration.DeepClone(),
            ["deployments"] = new JsonArray([.. Deployments.Select(item => item.Json())]),
            ["events"] = new JsonArray([.. Events.Select((text, i) => (JsonNode)new JsonObject { ["id"] = $"e{i}-{text.Length}", ["message"] = text }).Reverse()]),
        };
        if (WithoutDeployments)
        {
            service.Remove("deployments");
        }

        if (Current is not null)
        {
            service["currentServiceDeployment"] = ServiceDeployment(Current);
        }

        return service;
    }
}

/// <summary>An entry of <c>deployments</c>.</summary>
internal sealed record Dep(string Id, string Status, string Def, int Running)
{
    public int Desired { get; init; } = 2;

    public int Pending { get; init; }

    public int Failed { get; init; }

    /// <summary>Null where ECS gives none.</summary>
    public string? State { get; init; } = "IN_PROGRESS";

    public string? Reason { get; init; }

    public JsonNode Json() => Without(new JsonObject
    {
        ["id"] = Id,
        ["status"] = Status,
        ["taskDefinition"] = Frame.Definition(Def),
        ["desiredCount"] = Desired,
        ["pendingCount"] = Pending,
        ["runningCount"] = Running,
        ["failedTasks"] = Failed,
        ["rolloutState"] = State,
        ["rolloutStateReason"] = Reason,
    });

    internal static JsonObject Without(JsonObject json)
    {
        foreach (var name in json.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            json.Remove(name);
        }

        return json;
    }
}

/// <summary>A service deployment.</summary>
internal sealed record Sd(string Name, string Status)
{
    public string Def { get; init; } = "web:2";

    public string? Reason { get; init; }

    public string? Stage { get; init; }

    public double? Traffic { get; init; }

    public int Running { get; init; }

    /// <summary>Failures counted, when the breaker was triggered.</summary>
    public int? Breaker { get; init; }

    public string? Alarm { get; init; }

    public bool Paused { get; init; }

    public string? FailedHook { get; init; }

    public JsonObject Json() => Dep.Without(new JsonObject
    {
        ["serviceDeploymentArn"] = Frame.ServiceDeployment(Name),
        ["clusterArn"] = Frame.Cluster,
        ["status"] = Status,
        ["statusReason"] = Reason,
        ["lifecycleStage"] = Stage,
        ["targetServiceRevisionArn"] = Frame.Revision(Def),
        ["targetServiceRevision"] = Dep.Without(new JsonObject
        {
            ["arn"] = Frame.Revision(Def),
            ["requestedTaskCount"] = 2,
            ["runningTaskCount"] = Running,
            ["requestedProductionTrafficWeight"] = Traffic,
        }),
        ["deploymentCircuitBreaker"] = Breaker is null ? null : new JsonObject { ["status"] = "TRIGGERED", ["failureCount"] = Breaker, ["threshold"] = 3 },
        ["alarms"] = Alarm is null ? null : new JsonObject { ["status"] = "TRIGGERED", ["triggeredAlarmNames"] = new JsonArray(Alarm) },
        ["lifecycleHookDetails"] = Hooks(),
    });

    private JsonArray? Hooks() =>
        Paused ? [new JsonObject { ["hookId"] = "hook-1", ["targetType"] = "PAUSE", ["status"] = "AWAITING_ACTION", ["timeoutAction"] = "ROLLBACK" }]
        : FailedHook is not null ? [new JsonObject { ["hookId"] = "hook-2", ["targetType"] = "AWS_LAMBDA", ["targetArn"] = FailedHook, ["status"] = "FAILED" }]
        : null;
}
