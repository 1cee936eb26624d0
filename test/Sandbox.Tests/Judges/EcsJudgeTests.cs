using System.Text.Json.Nodes;
using Sandbox.Tests.Facts;
using Sandbox.Time;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Judges;

/// <summary>The AWS CLI rolls a service, as people do, on a clock that runs fast: its waiter sleeps 15 real seconds between looks.</summary>
public sealed class EcsJudgeTests : IAsyncLifetime
{
    private const string Image = $"{DefaultWorld.Registry}.dkr.ecr.eu-west-1.amazonaws.com/shop";

    private readonly Judge _judge = new(Judge.Aws);
    private SandboxServer _sandbox = null!;
    private AwsCli _cli = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var world = DefaultWorld.Create();
        _sandbox = await SandboxServer.StartAsync(
            new SandboxOptions
            {
                World = world with { Repositories = [world.Repositories[0] with { SampleTags = ["1", "2"] }] },
                Clock = new ScaledClock(300),
            },
            Token);
        _cli = new AwsCli(_judge, _sandbox.Endpoint, _sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:user/admin"));
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _judge.Dispose();
    }

    [Fact]
    public async Task The_cli_creates_rolls_waits_for_and_deletes_a_service()
    {
        Assert.Equal("ACTIVE", (string?)(await _cli.JsonAsync("ecs create-cluster --cluster-name judged", Token))["cluster"]!["status"]);
        var first = await RegisterAsync("1");
        var described = await _cli.JsonAsync("ecs describe-task-definition --task-definition web", Token);
        await CreateServiceAsync("web:1");
        await WaitAsync();

        await RegisterAsync("2");
        var updated = await _cli.JsonAsync("ecs update-service --cluster judged --service web --task-definition web:2", Token);
        await WaitAsync();
        var service = (await _cli.JsonAsync("ecs describe-services --cluster judged --services web", Token))["services"]![0]!;
        var tasks = await _cli.JsonAsync("ecs list-tasks --cluster judged --service-name web", Token);
        var task = (await _cli.JsonAsync("ecs describe-tasks --cluster judged --tasks", tasks["taskArns"]!.AsArray().Select(arn => (string)arn!), Token))["tasks"]![0]!;

        Assert.True(JsonNode.DeepEquals(first["taskDefinition"], described["taskDefinition"]));
        Assert.Equal("IN_PROGRESS", (string?)updated["service"]!["deployments"]![0]!["rolloutState"]);
        Assert.Equal(("COMPLETED", 2, 1), ((string?)service["deployments"]![0]!["rolloutState"], (int)service["runningCount"]!, service["deployments"]!.AsArray().Count));
        Assert.Equal(("RUNNING", (string?)service["taskDefinition"]), ((string?)task["lastStatus"], (string?)task["taskDefinitionArn"]));
        Assert.Equal(2, (await _cli.JsonAsync("ecs list-task-definitions --family-prefix web", Token))["taskDefinitionArns"]!.AsArray().Count);
        Assert.Single((await _cli.JsonAsync("ecs list-services --cluster judged", Token))["serviceArns"]!.AsArray());
        Assert.Equal("DRAINING", (string?)(await _cli.JsonAsync("ecs delete-service --cluster judged --service web --force", Token))["service"]!["status"]);
    }

    [Fact]
    public async Task The_cli_is_told_what_is_wrong()
    {
        Assert.Contains("(ClusterNotFoundException) when calling the DescribeServices operation: Cluster not found.", await _cli.RefusalAsync("ecs describe-services --cluster nowhere --services web", Token), StringComparison.Ordinal);
        Assert.Contains("(ClientException) when calling the DescribeTaskDefinition operation: Unable to describe task definition.", await _cli.RefusalAsync("ecs describe-task-definition --task-definition nothing", Token), StringComparison.Ordinal);
        var deploy = new AwsCli(_judge, _sandbox.Endpoint, _sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:role/task"));
        Assert.Contains("is not authorized to perform: ecs:ListClusters on resource: * because no identity-based policy allows the ecs:ListClusters action", await deploy.RefusalAsync("ecs list-clusters", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_Amazons_newer_model_the_cli_lists_describes_and_stops_service_deployments()
    {
        Assert.SkipWhen(Models.Folder is null, "Amazon's API models do not lie beside the project.");
        _judge.Write("data/ecs/2014-11-13/service-2.json", await File.ReadAllTextAsync(Path.Combine(Models.Folder!, "ecs.service-2.json"), Token));
        var cli = new AwsCli(_judge, _sandbox.Endpoint, _sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:user/admin")) { DataPath = _judge.PathOf("data") };
        await cli.JsonAsync("ecs create-cluster --cluster-name judged", Token);
        await RegisterAsync("1");
        await CreateServiceAsync("web:1");
        await WaitAsync();
        // Nothing can pull it: the deployment goes on until it is stopped.
        await RegisterAsync("absent");
        await cli.JsonAsync("ecs update-service --cluster judged --service web --task-definition web:2", Token);

        var listed = await cli.JsonAsync("ecs list-service-deployments --cluster judged --service web", Token);
        var arn = (string)listed["serviceDeployments"]![0]!["serviceDeploymentArn"]!;
        var described = await cli.JsonAsync($"ecs describe-service-deployments --service-deployment-arns {arn}", Token);
        var revision = await cli.JsonAsync($"ecs describe-service-revisions --service-revision-arns {described["serviceDeployments"]![0]!["targetServiceRevision"]!["arn"]}", Token);

        var stopped = await cli.JsonAsync($"ecs stop-service-deployment --service-deployment-arn {arn}", Token);
        var again = await cli.JsonAsync($"ecs describe-service-deployments --service-deployment-arns {arn}", Token);

        Assert.Equal((arn, "IN_PROGRESS"), ((string?)described["serviceDeployments"]![0]!["serviceDeploymentArn"], (string?)described["serviceDeployments"]![0]!["status"]));
        Assert.Equal(arn, (string?)stopped["serviceDeploymentArn"]);
        Assert.Contains((string)again["serviceDeployments"]![0]!["status"]!, new List<string> { "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL" });
        Assert.EndsWith("task-definition/web:2", (string?)revision["serviceRevisions"]![0]!["taskDefinition"], StringComparison.Ordinal);
    }

    private async Task<JsonObject> RegisterAsync(string tag)
    {
        var definition = _judge.Write(
            $"web-{tag}.json",
            $$"""
            {
              "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
              "executionRoleArn": "arn:aws:iam::{{DefaultWorld.Dev}}:role/task-execution",
              "containerDefinitions": [{
                "name": "app", "image": "{{Image}}:{{tag}}", "essential": true, "portMappings": [{ "containerPort": 8080 }],
                "environment": [{ "name": "EMPTY", "value": "" }], "dockerLabels": { "team": "shop" }
              }]
            }
            """);
        return await _cli.JsonAsync($"ecs register-task-definition --cli-input-json file://{definition}", Token);
    }

    private Task<JsonObject> CreateServiceAsync(string definition) => _cli.JsonAsync(
        $"ecs create-service --cluster judged --service-name web --task-definition {definition} --desired-count 2 --launch-type FARGATE --network-configuration",
        ["awsvpcConfiguration={subnets=[subnet-12345678],securityGroups=[sg-12345678]}"],
        Token);

    private async Task WaitAsync() => Assert.Equal("", (await _cli.RunAsync("ecs wait services-stable --cluster judged --services web", Token)).Succeeded);
}
