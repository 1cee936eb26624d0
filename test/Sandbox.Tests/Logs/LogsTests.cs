using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;
using Sandbox.Logs;
using Sandbox.Tests.Ecs;
using Sandbox.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Logs;

/// <summary>Container output in CloudWatch Logs; sources: the API model's texts, authorization.md §1.5 and §2.6.</summary>
public sealed class LogsTests : IDisposable
{
    private const string Driver = ""","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/web","awslogs-region":"eu-west-1","awslogs-stream-prefix":"ecs"} }""";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task What_a_container_writes_is_read_page_by_page_until_the_token_stays_the_same()
    {
        var stream = await WriteAsync(["one", "two", "three"]);
        var read = new List<string>();
        string? token = null;
        while (true)
        {
            var more = token is null ? "" : $",\"nextToken\":\"{token}\"";
            var page = await CallAsync("GetLogEvents", $$"""{"logGroupName":"/ecs/web","logStreamName":"{{stream}}","startFromHead":true,"limit":2{{more}}}""");
            read.AddRange(page["events"]!.AsArray().Select(item => (string)item!["message"]!));
            if ((string)page["nextForwardToken"]! == token)
            {
                break;
            }

            token = (string)page["nextForwardToken"]!;
        }

        Assert.Equal(["one", "two", "three"], read);
        var last = await CallAsync("GetLogEvents", $$"""{"logGroupName":"/ecs/web","logStreamName":"{{stream}}","limit":2}""");
        Assert.Equal(["two", "three"], last["events"]!.AsArray().Select(item => (string)item!["message"]!));
        var before = await CallAsync("GetLogEvents", $$"""{"logGroupName":"/ecs/web","logStreamName":"{{stream}}","limit":2,"nextToken":"{{last["nextBackwardToken"]}}"}""");
        Assert.Equal(["one"], before["events"]!.AsArray().Select(item => (string)item!["message"]!));
    }

    [Theory]
    [InlineData("", "info: up,error: down,warn: slow")]
    [InlineData("error", "error: down")]
    [InlineData("?error ?warn", "error: down,warn: slow")]
    [InlineData("-info -error", "warn: slow")]
    [InlineData("\\\"error: down\\\"", "error: down")]
    public async Task A_group_is_searched_by_terms(string pattern, string expected)
    {
        await WriteAsync(["info: up", "error: down", "warn: slow"]);
        var found = await CallAsync("FilterLogEvents", $$"""{"logGroupName":"/ecs/web","filterPattern":"{{pattern}}"}""");
        Assert.Equal(expected, string.Join(',', found["events"]!.AsArray().Select(item => (string)item!["message"]!)));
    }

    [Fact]
    public async Task Groups_and_streams_are_described()
    {
        var stream = await WriteAsync(["x"]);
        Assert.Equal("/ecs/web", (string)(await CallAsync("DescribeLogGroups", """{"logGroupNamePrefix":"/ecs"}"""))["logGroups"]![0]!["logGroupName"]!);
        Assert.Empty((await CallAsync("DescribeLogGroups", """{"logGroupNamePrefix":"/other"}"""))["logGroups"]!.AsArray());
        Assert.Equal(stream, (string)(await CallAsync("DescribeLogStreams", """{"logGroupName":"/ecs/web"}"""))["logStreams"]![0]!["logStreamName"]!);
    }

    [Fact]
    public async Task A_line_can_be_read_only_a_moment_after_it_was_written()
    {
        _bench.Service.Logs.Create(Bench.Account, "eu-west-1", "/ecs/web");
        await _bench.CallAsync("CreateCluster", """{"clusterName":"dev"}""");
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { Output = ["x"] }));
        await _bench.StartAsync(1, definition: Bench.Definition(more: Driver));
        _bench.Wait(11);
        Assert.Empty((await CallAsync("FilterLogEvents", """{"logGroupName":"/ecs/web"}"""))["events"]!.AsArray());
        _bench.Wait(2);
        Assert.Single((await CallAsync("FilterLogEvents", """{"logGroupName":"/ecs/web"}"""))["events"]!.AsArray());
    }

    [Fact]
    public async Task A_missing_group_stops_the_task()
    {
        await _bench.StartAsync(1, definition: Bench.Definition(more: Driver));
        _bench.Wait(30);
        Assert.Equal(
            "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: "
            + "ResourceNotFoundException: The specified log group does not exist. : exit status 1",
            (string)(await _bench.TasksAsync("STOPPED"))[0]["stoppedReason"]!);
    }

    [Fact]
    public async Task The_execution_role_needs_CreateLogStream()
    {
        _bench.Service.Logs.Create(Bench.Account, "eu-west-1", "/ecs/web");
        _bench.Gate.Refuses = request => request.Action == "logs:CreateLogStream";
        await _bench.StartAsync(1, definition: Bench.Definition(more: Driver));
        _bench.Wait(30);
        Assert.Contains("AccessDeniedException: User: ", (string)(await _bench.TasksAsync("STOPPED"))[0]["stoppedReason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_and_what_is_not_allowed_are_errors()
    {
        Assert.Equal(("ResourceNotFoundException", "The specified log group does not exist."), Said(await FailAsync("""{"logGroupName":"/none","logStreamName":"s"}""")));
        _bench.Service.Logs.Create(Bench.Account, "eu-west-1", "/ecs/web");
        Assert.Equal(("ResourceNotFoundException", "The specified log stream does not exist."), Said(await FailAsync("""{"logGroupName":"/ecs/web","logStreamName":"s"}""")));
        _bench.Gate.Refuses = _ => true;
        Assert.Equal("AccessDeniedException", (await FailAsync("""{"logGroupName":"/ecs/web","logStreamName":"s"}""")).Code);
        Assert.Equal("arn:aws:logs:eu-west-1:222222222222:log-group:/ecs/web:log-stream:s", _bench.Gate.Asked[^1].Resource);
    }

    [Theory]
    [InlineData("\"awslogs-group\":\"/ecs/web\",", "Log driver awslogs requires options: awslogs-group")]
    [InlineData(",\"awslogs-stream-prefix\":\"ecs\"", "Log driver awslogs requires options: awslogs-stream-prefix")]
    public async Task The_driver_needs_its_options(string part, string refusal) =>
        Assert.Equal(refusal, (await _bench.FailAsync("RegisterTaskDefinition", Bench.Definition(more: Driver.Replace(part, "", StringComparison.Ordinal)))).Message);

    private static (string Code, string Message) Said(ApiException error) => (error.Code, error.Message);

    private async Task<string> WriteAsync(IReadOnlyList<string> lines)
    {
        _bench.Service.Logs.Create(Bench.Account, "eu-west-1", "/ecs/web");
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { Output = lines }));
        await _bench.SteadyAsync(1, definition: Bench.Definition(more: Driver));
        var task = (string)(await _bench.TasksAsync())[0]["taskArn"]!;
        return $"ecs/web/{task.Split('/')[^1]}";
    }

    private async Task<ApiException> FailAsync(string input) => await Assert.ThrowsAsync<ApiException>(() => CallAsync("GetLogEvents", input));

    private async Task<JsonObject> CallAsync(string operation, string input)
    {
        var service = new LogsService(_bench.Service.Logs, _bench.Service.Agenda, _bench.Gate, int.MaxValue);
        var call = new ApiCall
        {
            Service = "logs",
            Operation = operation,
            Input = Bench.Parse(input),
            Caller = new Caller { AccountId = Bench.Account, Arn = "arn:aws:sts::222222222222:assumed-role/deploy/test" },
            Region = "eu-west-1",
            RequestId = "1",
        };
        return await service.AnswerAsync(call, TestContext.Current.CancellationToken);
    }
}
