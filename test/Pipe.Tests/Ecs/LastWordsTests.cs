using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Ecs;
using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>The last log lines of containers that failed, and what is said where there are none to be had.</summary>
public sealed class LastWordsTests
{
    private readonly List<string> _asked = [];

    [Fact]
    public async Task Every_container_that_failed_has_its_last_lines()
    {
        var lines = await WordsAsync([.. "a b c d e".Split(' ').Select(name => Container(name, 1))]);

        Assert.Equal(["a: last words of ecs/a/1", "b: last words of ecs/b/1", "c: last words of ecs/c/1", "d: last words of ecs/d/1", "e: last words of ecs/e/1"], lines);
    }

    [Fact]
    public async Task A_sidecar_that_went_with_the_app_says_nothing_unless_nothing_else_failed()
    {
        Assert.Equal(["app: last words of ecs/app/1"], await WordsAsync(Container("app", 139), Container("sidecar", 143)));
        Assert.Equal(["app: last words of ecs/app/1", "sidecar: last words of ecs/sidecar/1"], await WordsAsync(Container("app", 0), Container("sidecar", 143)));
    }

    [Theory]
    [InlineData("""{"logDriver":"awslogs","options":{"awslogs-group":"/far","awslogs-stream-prefix":"ecs","awslogs-region":"us-east-1"} }""", "they are in log group /far of region us-east-1")]
    [InlineData("""{"logDriver":"awsfirelens"}""", "its log driver is awsfirelens")]
    [InlineData("""{"logDriver":"awslogs","options":{"awslogs-group":"/near"} }""", "without awslogs-stream-prefix")]
    [InlineData("null", "it has no logConfiguration")]
    public async Task Where_lines_cannot_be_read_that_is_said(string configuration, string says)
    {
        var line = Assert.Single(await WordsAsync(Container("app", 1, configuration)));

        Assert.StartsWith("app: (its last lines could not be read: ", line, StringComparison.Ordinal);
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_read_that_fails_takes_no_lines_from_the_others()
    {
        var lines = await WordsAsync(Container("app", 1), Container("denied", 1), Container("quiet", 1), Container("last", 1));

        Assert.Equal(
            [
                "app: last words of ecs/app/1",
                "denied: (its last lines could not be read from log group /ecs: not authorized)",
                "quiet: (it wrote nothing to ecs/quiet/1 in log group /ecs)",
                "last: last words of ecs/last/1",
            ],
            lines);
    }

    private static (string Name, int Code, string Configuration) Container(
        string name, int code, string configuration = """{"logDriver":"awslogs","options":{"awslogs-group":"/ecs","awslogs-stream-prefix":"ecs"} }""") => (name, code, configuration);

    private Task<IReadOnlyList<string>> WordsAsync(params (string Name, int Code, string Configuration)[] containers)
    {
        var task = new JsonObject
        {
            ["taskArn"] = "arn:aws:ecs:eu-west-1:222222222222:task/prod/1",
            ["containers"] = new JsonArray([.. containers.Select(item => (JsonNode)new JsonObject { ["name"] = item.Name, ["exitCode"] = item.Code })]),
        };
        var definition = new JsonObject
        {
            ["taskDefinition"] = new JsonObject
            {
                ["containerDefinitions"] = new JsonArray([.. containers.Select(item => (JsonNode)new JsonObject { ["name"] = item.Name, ["logConfiguration"] = JsonNode.Parse(item.Configuration) })]),
            },
        };
        var words = new LastWords(new EcsClient(DescribeAsync, DescribeAsync, new CallBudget(new JumpingClock())), new ContainerLogs(LogsAsync, "eu-west-1"));
        return words.OfAsync("web:2", [new TaskState(task)], TestContext.Current.CancellationToken);

        Task<JsonObject> DescribeAsync(string operation, JsonObject input, CancellationToken token) => Task.FromResult((JsonObject)definition.DeepClone());
    }

    private Task<JsonObject> LogsAsync(string operation, JsonObject input, CancellationToken token)
    {
        var stream = (string)input["logStreamName"]!;
        _asked.Add(stream);
        return stream.Contains("denied", StringComparison.Ordinal)
            ? throw AwsException.From(new AwsFailure { Call = new AwsCall("logs", operation, "eu-west-1", "deploy"), Kind = AwsFailureKind.AccessDenied, Message = "not authorized" }, null)
            : Task.FromResult(new JsonObject
            {
                ["events"] = stream.Contains("quiet", StringComparison.Ordinal) ? [] : new JsonArray(new JsonObject { ["message"] = $"last words of {stream}" }),
            });
    }
}
