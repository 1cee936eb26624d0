using System.Net;
using System.Text.Json.Nodes;
using Sandbox.Tests.Wire;
using Sandbox.Time;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>ECS in the sandbox's host: signed calls, real policies, images in the sandbox's own registry.</summary>
public sealed class HostedTests
{
    private const string Repository = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop";

    [Theory]
    [InlineData(true, "SUCCESSFUL")]
    [InlineData(false, "ROLLBACK_SUCCESSFUL")]
    public async Task A_rollout_from_the_central_registry_needs_its_repository_policy(bool policy, string outcome)
    {
        var token = TestContext.Current.CancellationToken;
        using var clock = new VirtualClock();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Clock = clock, World = World(policy) }, token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf("arn:aws:iam::222222222222:role/deploy"));
        var definition = (await CallAsync(client, "DescribeTaskDefinition", """{"taskDefinition":"shop"}"""))["taskDefinition"]!.AsObject();
        var input = new JsonObject(definition
            .Where(member => member.Key is "family" or "networkMode" or "cpu" or "memory" or "executionRoleArn" or "taskRoleArn" or "containerDefinitions" or "requiresCompatibilities")
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        input["containerDefinitions"]![0]!["image"] = $"{Repository}:1";
        var revision = (await CallAsync(client, "RegisterTaskDefinition", input.ToJsonString()))["taskDefinition"]!["taskDefinitionArn"]!;
        await CallAsync(client, "UpdateService", $$"""{"cluster":"dev","service":"shop","taskDefinition":"{{revision}}"}""");

        var status = "";
        using (clock.Enter("test"))
        {
            while (status is not "SUCCESSFUL" and not "ROLLBACK_SUCCESSFUL")
            {
                await Task.Delay(TimeSpan.FromSeconds(15), clock, token);
                var list = await CallAsync(client, "ListServiceDeployments", """{"cluster":"dev","service":"shop"}""");
                status = (string)list["serviceDeployments"]![0]!["status"]!;
            }
        }

        Assert.Equal(outcome, status);
        Assert.Empty(sandbox.Defects);
    }

    [Fact]
    public async Task A_role_for_another_action_is_refused_in_AWS_words()
    {
        var token = TestContext.Current.CancellationToken;
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf("arn:aws:iam::222222222222:role/deploy"));
        var answer = await client.CallAsync("ecs", "DeleteService", Bench.Parse("""{"cluster":"dev","service":"shop"}"""), token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(
            "User: arn:aws:sts::222222222222:assumed-role/deploy/sandbox is not authorized to perform: ecs:DeleteService on resource: arn:aws:ecs:eu-west-1:222222222222:service/dev/shop because no identity-based policy allows the ecs:DeleteService action",
            answer.Body,
            StringComparison.Ordinal);
        Assert.Empty(sandbox.Defects);
    }

    private static World World(bool policy)
    {
        var world = DefaultWorld.Create();
        return world with { Repositories = [world.Repositories[0] with { SampleTags = ["1"], Policy = policy ? world.Repositories[0].Policy : null }] };
    }

    private static async Task<JsonObject> CallAsync(SignedClient client, string operation, string input)
    {
        var answer = await client.CallAsync("ecs", operation, Bench.Parse(input), TestContext.Current.CancellationToken);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        return answer.Json;
    }
}
