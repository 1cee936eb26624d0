using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using Sandbox;
using Sandbox.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Somebody else in the dev account who may do everything there: reads what is, and does what the pipe did not expect.</summary>
internal sealed class Stranger(PipeRun run)
{
    private static readonly Caller Admin = new() { AccountId = DefaultWorld.Dev, Arn = $"arn:aws:iam::{DefaultWorld.Dev}:user/admin" };

    public Task<JsonObject> CallAsync(string operation, string input) => CallAsync(run.Sandbox, operation, input);

    public static Task<JsonObject> CallAsync(SandboxServer sandbox, string operation, string input) => sandbox.Ecs.AnswerAsync(
        new ApiCall { Service = "ecs", Operation = operation, Input = (JsonObject)JsonNode.Parse(input)!, Caller = Admin, Region = "eu-west-1", RequestId = "stranger" },
        TestContext.Current.CancellationToken);

    /// <summary>Does it as soon as the pipe has asked for its rollout, and some seconds have passed.</summary>
    public Task AfterUpdateAsync(TimeSpan pause, Func<Task> act) => run.BesideAsync(async clock =>
    {
        while (!run.Sandbox.Requests.Any(request => request.Operation == "UpdateService"))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), clock, TestContext.Current.CancellationToken);
        }

        await Task.Delay(pause, clock, TestContext.Current.CancellationToken);
        await act();
    });

    /// <summary>Registers a changed copy of a task definition; gives back its name and revision.</summary>
    public async Task<string> RegisterAsync(Action<JsonObject> change, string from = "shop")
    {
        var input = (JsonObject)(await CallAsync("DescribeTaskDefinition", $$"""{"taskDefinition":"{{from}}"}"""))["taskDefinition"]!.DeepClone();
        foreach (var member in TaskDefinitionEdit.AnswerOnly)
        {
            input.Remove(member);
        }

        change(input);
        return TaskDefinition.ShortName((string)(await CallAsync("RegisterTaskDefinition", input.ToJsonString()))["taskDefinition"]!["taskDefinitionArn"]!);
    }

    /// <summary>The container of a task definition's revision.</summary>
    public async Task<JsonObject> ContainerAsync(string definition = "shop") =>
        (JsonObject)(await CallAsync("DescribeTaskDefinition", $$"""{"taskDefinition":"{{definition}}"}"""))["taskDefinition"]!["containerDefinitions"]![0]!;

    public async Task<JsonObject> ServiceAsync(string name = "shop") =>
        (JsonObject)(await CallAsync("DescribeServices", $$"""{"cluster":"dev","services":["{{name}}"]}"""))["services"]![0]!;

    /// <summary>The task definition that the service has now.</summary>
    public async Task<string> RunsAsync() => (await ServiceAsync())["taskDefinition"]!.GetValue<string>().Split('/')[^1];
}
