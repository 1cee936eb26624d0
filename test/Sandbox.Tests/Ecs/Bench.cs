using System.Text.Json.Nodes;
using Sandbox.Ecs;
using Sandbox.Ecs.Engine;
using Sandbox.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>An ECS of its own for one test, with a clock that is moved by hand, called without the wire.</summary>
internal sealed class Bench : IDisposable
{
    public const string Account = "222222222222";
    public const string Image = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:1";
    public const string Role = "arn:aws:iam::222222222222:role/task-execution";
    private int _requests;

    public Bench(EcsOptions? options = null, TimeProvider? time = null)
    {
        Time = time ?? Clock;
        Service = new EcsService(Time, Gate, Shelf, options ?? new EcsOptions { Throttling = false });
    }

    public HandClock Clock { get; } = new();

    /// <summary>The clock by hand, unless the test brought another.</summary>
    public TimeProvider Time { get; }

    public Gatekeeper Gate { get; } = new();

    public Shelf Shelf { get; } = new();

    public EcsService Service { get; }

    public static string DigestOf(char letter) => $"sha256:{new string(letter, 64)}";

    public static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    public async Task<JsonObject> CallAsync(string operation, string input, string account = Account)
    {
        var call = new ApiCall
        {
            Service = "ecs",
            Operation = operation,
            Input = Parse(input),
            Caller = new Caller { AccountId = account, Arn = $"arn:aws:sts::{account}:assumed-role/deploy/test", RoleArn = $"arn:aws:iam::{account}:role/deploy" },
            Region = "eu-west-1",
            RequestId = $"{++_requests}",
        };
        return await Service.AnswerAsync(call, TestContext.Current.CancellationToken);
    }

    public async Task<ApiException> FailAsync(string operation, string input) => await Assert.ThrowsAsync<ApiException>(() => CallAsync(operation, input));

    public static string Definition(string family = "web", string image = Image, string more = "") =>
        $$"""
        {"family":"{{family}}","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512","executionRoleArn":"{{Role}}",
         "containerDefinitions":[{"name":"web","image":"{{image}}","portMappings":[{"containerPort":8080}]{{more}}}]}
        """;

    /// <summary>A cluster, a Fargate definition and a service of it, not yet started.</summary>
    public async Task StartAsync(int count = 2, string service = "", string definition = "")
    {
        await CallAsync("CreateCluster", """{"clusterName":"dev"}""");
        await CallAsync("RegisterTaskDefinition", definition.Length > 0 ? definition : Definition());
        await CallAsync(
            "CreateService",
            $$"""
            {"cluster":"dev","serviceName":"web","taskDefinition":"web","desiredCount":{{count}},"launchType":"FARGATE",
             "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"]} }{{service}}}
            """);
    }

    /// <summary>The same, come to rest.</summary>
    public async Task SteadyAsync(int count = 2, string service = "", string definition = "")
    {
        await StartAsync(count, service, definition);
        Wait(1200);
        Assert.Equal("SUCCESSFUL", await StatusAsync());
    }

    /// <summary>A new revision whose containers behave like this, rolled out.</summary>
    public async Task<JsonObject> RollAsync(TaskBehaviour? behaviour = null, string more = "")
    {
        var registered = await CallAsync("RegisterTaskDefinition", Definition(image: Image.Replace(":1", ":2", StringComparison.Ordinal)));
        if (behaviour is not null)
        {
            Service.Behaviours.Add(new BehaviourRule(behaviour) { Image = ":2" });
        }

        return await CallAsync("UpdateService", $$"""{"cluster":"dev","service":"web","taskDefinition":"web:{{registered["taskDefinition"]!["revision"]}}"{{more}}}""");
    }

    public void Wait(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    public async Task<JsonObject> ServiceAsync() =>
        (JsonObject)(await CallAsync("DescribeServices", """{"cluster":"dev","services":["web"]}"""))["services"]![0]!;

    /// <summary>The newest service deployment, in full.</summary>
    public async Task<JsonObject> RolloutAsync(int back = 0)
    {
        var list = await CallAsync("ListServiceDeployments", """{"cluster":"dev","service":"web"}""");
        var arn = (string)list["serviceDeployments"]![back]!["serviceDeploymentArn"]!;
        return (JsonObject)(await CallAsync("DescribeServiceDeployments", $$"""{"serviceDeploymentArns":["{{arn}}"]}"""))["serviceDeployments"]![0]!;
    }

    public async Task<string> StatusAsync(int back = 0) => (string)(await RolloutAsync(back))["status"]!;

    public async Task<IReadOnlyList<JsonObject>> TasksAsync(string status = "RUNNING")
    {
        var arns = (await CallAsync("ListTasks", $$"""{"cluster":"dev","desiredStatus":"{{status}}"}"""))["taskArns"]!.AsArray();
        if (arns.Count == 0)
        {
            return [];
        }

        var answer = await CallAsync("DescribeTasks", new JsonObject { ["cluster"] = "dev", ["tasks"] = arns.DeepClone() }.ToJsonString());
        return [.. answer["tasks"]!.AsArray().Select(task => (JsonObject)task!)];
    }

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync() =>
        [.. (await ServiceAsync())["events"]!.AsArray().Reverse().Select(item => (string)item!["message"]!)];

    public void Dispose() => Service.Dispose();
}
