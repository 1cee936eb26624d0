using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>dependsOn: the conditions of ContainerDependency in the ECS model, startTimeout of ContainerDefinition.</summary>
public sealed class ContainerDependencyTests : IDisposable
{
    private const string Check = """,{"name":"side","image":"side","essential":false,"healthCheck":{"command":["CMD","x"]} }""";
    private const string Script = """,{"name":"side","image":"side","essential":false}""";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("START", 20, true)]
    [InlineData("COMPLETE", 20, false)]
    [InlineData("COMPLETE", 80, true)]
    [InlineData("SUCCESS", 80, true)]
    public async Task A_container_waits_until_the_other_has_come_so_far(string condition, int after, bool runs)
    {
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(60) }) { Container = "side" });
        await RunAsync(condition, Script);
        _bench.Wait(after);

        var task = await TaskAsync("RUNNING");
        Assert.Equal(runs ? ("RUNNING", "RUNNING") : ("PENDING", "PENDING"), ((string?)task["lastStatus"], Status(task, "web")));
    }

    [Theory]
    [InlineData(0, 90, true)]
    [InlineData(200, 90, false)]
    public async Task A_container_waits_for_the_others_health(int healthyAfter, int after, bool runs)
    {
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { HealthyAfter = TimeSpan.FromSeconds(healthyAfter) }) { Container = "side" });
        await RunAsync("HEALTHY", Check);
        _bench.Wait(after);

        Assert.Equal(runs ? "RUNNING" : "PENDING", Status(await TaskAsync("RUNNING"), "web"));
    }

    [Theory]
    [InlineData("SUCCESS", "", 1)]
    [InlineData("HEALTHY", ""","startTimeout":20""", null)]
    public async Task What_can_never_come_or_comes_too_late_ends_the_task(string condition, string timeout, int? exitCode)
    {
        // amazon-ecs-agent#2579: the task does not stay in PENDING.
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = exitCode is null ? null : TimeSpan.FromSeconds(5), ExitCode = exitCode ?? 0, HealthyAfter = TimeSpan.FromHours(1) }) { Container = "side" });
        await RunAsync(condition, Check.Replace("\"side\",\"image\"", $"\"side\"{timeout},\"image\"", StringComparison.Ordinal));
        _bench.Wait(60);

        var task = await TaskAsync("STOPPED");
        Assert.Equal("TaskFailedToStart", (string?)task["stopCode"]);
        Assert.Contains("ordering dependency [side] for target [web]", (string?)task["stoppedReason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_stop_in_the_reverse_order()
    {
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { StopsAfter = TimeSpan.FromSeconds(10) }) { Container = "web" });
        await RunAsync("START", Script);
        _bench.Wait(30);
        await _bench.CallAsync("StopTask", $$"""{"cluster":"dev","task":"{{(string?)(await TaskAsync("RUNNING"))["taskArn"]}}"}""");
        _bench.Wait(8);
        var before = await TaskAsync("STOPPED");
        _bench.Wait(10);

        Assert.Equal(("RUNNING", "RUNNING"), (Status(before, "web"), Status(before, "side")));
        Assert.Equal("STOPPED", (string?)(await TaskAsync("STOPPED"))["lastStatus"]);
    }

    [Theory]
    [InlineData("SUCCESS", ""","dependsOn":[]""", "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container")]
    [InlineData("HEALTHY", "", "A dependency container with HEALTHY condition must have a health check.")]
    [InlineData("START", ""","dependsOn":[{"containerName":"web","condition":"START"}]""", "Container dependencies should not have a cycle.")]
    [InlineData("START", ""","dependsOn":[{"containerName":"none","condition":"START"}]""", "Container 'side' depends on container 'none', which does not exist.")]
    [InlineData("START", "", null)]
    public async Task Dependencies_are_checked_when_they_are_registered(string condition, string more, string? refusal)
    {
        var definition = Definition(condition, $$""",{"name":"side","image":"side"{{more}}}""");
        if (refusal is null)
        {
            Assert.NotNull(await _bench.CallAsync("RegisterTaskDefinition", definition));
        }
        else
        {
            Assert.Equal(("ClientException", refusal), ((await _bench.FailAsync("RegisterTaskDefinition", definition)).Code, (await _bench.FailAsync("RegisterTaskDefinition", definition)).Message));
        }
    }

    private static string Definition(string condition, string other)
    {
        var text = Bench.Definition(more: $$""","dependsOn":[{"containerName":"side","condition":"{{condition}}"}]""").Trim();
        return $"{text[..^2]}{other}]}}";
    }

    private async Task RunAsync(string condition, string other)
    {
        await _bench.CallAsync("CreateCluster", """{"clusterName":"dev"}""");
        await _bench.CallAsync("RegisterTaskDefinition", Definition(condition, other));
        await _bench.CallAsync("RunTask", """{"cluster":"dev","taskDefinition":"web","launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["a"]} } }""");
    }

    private async Task<JsonObject> TaskAsync(string status) => Assert.Single(await _bench.TasksAsync(status));

    private static string? Status(JsonObject task, string container) =>
        (string?)task["containers"]!.AsArray().Single(item => (string?)item!["name"] == container)!["lastStatus"];
}
