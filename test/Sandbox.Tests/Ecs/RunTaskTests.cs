using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>RunTask; sources: its text in the ECS model, authorization.md §5.1 and §1.6.</summary>
public sealed class RunTaskTests : IDisposable
{
    private const string Input = """{"cluster":"dev","taskDefinition":"web","launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["a"]} }""";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_task_runs_to_its_end_and_keeps_its_exit_code(int code)
    {
        await PrepareAsync();
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(30), ExitCode = code }) { Command = "migrate" });
        var answer = await _bench.CallAsync("RunTask", Input + ""","startedBy":"pipe","overrides":{"containerOverrides":[{"name":"web","command":["migrate","--now"]}]} }""");
        var task = answer["tasks"]![0]!;
        Assert.Equal(("PROVISIONING", "family:web", "pipe"), ((string)task["lastStatus"]!, (string)task["group"]!, (string)task["startedBy"]!));
        _bench.Wait(20);
        Assert.Equal("RUNNING", (string)Assert.Single(await _bench.TasksAsync())["lastStatus"]!);
        _bench.Wait(60);
        var stopped = Assert.Single(await _bench.TasksAsync("STOPPED"));
        Assert.Equal((code, "EssentialContainerExited"), ((int)stopped["containers"]![0]!["exitCode"]!, (string)stopped["stopCode"]!));
        Assert.Equal("--now", (string)stopped["overrides"]!["containerOverrides"]![0]!["command"]![1]!);
    }

    [Theory]
    [InlineData(""","count":11""", "Count should be between 1 and 10.")]
    [InlineData(""","count":10""", null)]
    [InlineData(""","overrides":{"containerOverrides":[{"name":"none"}]}""", "Override for container named none is not a container in the TaskDefinition.")]
    [InlineData(""","propagateTags":"SERVICE" """, "PropagateTags cannot be SERVICE when running a task.")]
    [InlineData(""","capacityProviderStrategy":[{"capacityProvider":"FARGATE"}]""", "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.")]
    public async Task A_request_is_checked(string more, string? refusal)
    {
        await PrepareAsync();
        if (refusal is null)
        {
            Assert.Equal(10, (await _bench.CallAsync("RunTask", $"{Input}{more}}}"))["tasks"]!.AsArray().Count);
        }
        else
        {
            Assert.Equal(refusal, (await _bench.FailAsync("RunTask", $"{Input}{more}}}")).Message);
        }
    }

    [Fact]
    public async Task Without_a_network_awsvpc_does_not_run()
    {
        await PrepareAsync();
        Assert.Equal(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
            (await _bench.FailAsync("RunTask", """{"cluster":"dev","taskDefinition":"web","launchType":"FARGATE"}""")).Message);
    }

    [Fact]
    public async Task The_same_token_answers_the_same_tasks_and_with_other_parameters_is_a_conflict()
    {
        await PrepareAsync();
        var first = await _bench.CallAsync("RunTask", Input + ""","clientToken":"t"}""");
        var second = await _bench.CallAsync("RunTask", Input + ""","clientToken":"t"}""");
        var arn = (string)first["tasks"]![0]!["taskArn"]!;
        Assert.Equal(arn, (string)second["tasks"]![0]!["taskArn"]!);
        var error = await _bench.FailAsync("RunTask", Input + ""","clientToken":"t","count":2}""");
        Assert.Equal("ConflictException", error.Code);
        Assert.Equal(arn, (string)error.Members["resourceIds"]![0]!);
        Assert.Single(await _bench.TasksAsync());
    }

    [Fact]
    public async Task No_capacity_is_a_failure_with_status_200()
    {
        await PrepareAsync();
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { NoCapacity = "Capacity is unavailable at this time. Please try again later or in a different availability zone" }) { Times = 1 });
        var answer = await _bench.CallAsync("RunTask", Input + "}");
        Assert.Empty(answer["tasks"]!.AsArray());
        Assert.StartsWith("Capacity is unavailable", (string)answer["failures"]![0]!["reason"]!, StringComparison.Ordinal);
        Assert.Single((await _bench.CallAsync("RunTask", Input + "}"))["tasks"]!.AsArray());
    }

    [Fact]
    public async Task On_EC2_it_needs_an_instance()
    {
        await PrepareAsync();
        await _bench.CallAsync("RegisterTaskDefinition", """{"family":"ec2","containerDefinitions":[{"name":"web","image":"nginx","memory":64}]}""");
        Assert.Equal("No Container Instances were found in your cluster.", (await _bench.FailAsync("RunTask", """{"cluster":"dev","taskDefinition":"ec2"}""")).Message);
    }

    [Fact]
    public async Task Definition_and_roles_are_asked_for()
    {
        await PrepareAsync();
        await _bench.CallAsync("RunTask", Input + "}");
        Assert.Equal("arn:aws:ecs:eu-west-1:222222222222:task-definition/web:1", _bench.Gate.Asked.Find(request => request.Action == "ecs:RunTask")!.Resource);
        _bench.Gate.Refuses = request => request.Action == "iam:PassRole";
        Assert.Equal("AccessDeniedException", (await _bench.FailAsync("RunTask", Input + "}")).Code);
        _bench.Gate.Refuses = _ => false;
        _bench.Gate.MissingRoles.Add(Bench.Role);
        Assert.StartsWith("ECS was unable to assume the role", (await _bench.FailAsync("RunTask", Input + "}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inactive_definition_is_refused()
    {
        await PrepareAsync();
        await _bench.CallAsync("DeregisterTaskDefinition", """{"taskDefinition":"web:1"}""");
        var error = await _bench.FailAsync("RunTask", Input.Replace("\"web\"", "\"web:1\"", StringComparison.Ordinal) + "}");
        Assert.Equal(("InvalidParameterException", "TaskDefinition is inactive"), (error.Code, error.Message));
    }

    private async Task<JsonObject> PrepareAsync()
    {
        await _bench.CallAsync("CreateCluster", """{"clusterName":"dev"}""");
        return await _bench.CallAsync("RegisterTaskDefinition", Bench.Definition());
    }
}
