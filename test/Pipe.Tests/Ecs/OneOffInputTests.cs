using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>A one-off task runs where the service's own tasks run.</summary>
public sealed class OneOffInputTests
{
    private const string Network = """{"awsvpcConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"],"assignPublicIp":"DISABLED"}}""";

    [Fact]
    public void The_service_lends_its_network_capacity_and_placement()
    {
        var input = Input($$"""
            {"capacityProviderStrategy":[{"capacityProvider":"spot","weight":1}],"launchType":"EC2","platformVersion":"1.4.0","networkConfiguration":{{Network}},
             "placementConstraints":[{"type":"memberOf","expression":"attribute:x == y"}],"placementStrategy":[{"type":"spread","field":"host"}],
             "enableECSManagedTags":true,"propagateTags":"TASK_DEFINITION"}
            """);

        Assert.Equal("""[{"capacityProvider":"spot","weight":1}]""", input["capacityProviderStrategy"]!.ToJsonString());
        Assert.Null(input["launchType"]);
        Assert.Equal("1.4.0", (string?)input["platformVersion"]);
        Assert.Equal(Network, input["networkConfiguration"]!.ToJsonString());
        Assert.Equal("""[{"type":"memberOf","expression":"attribute:x == y"}]""", input["placementConstraints"]!.ToJsonString());
        Assert.Equal("""[{"type":"spread","field":"host"}]""", input["placementStrategy"]!.ToJsonString());
        Assert.True((bool?)input["enableECSManagedTags"]);
        Assert.Equal("TASK_DEFINITION", (string?)input["propagateTags"]);
        Assert.Equal("""{"containerOverrides":[{"name":"web","command":["migrate","all"]}]}""", input["overrides"]!.ToJsonString());
    }

    [Fact]
    public void What_RunTask_does_not_take_or_the_service_does_not_say_is_left_out()
    {
        var input = Input("""{"capacityProviderStrategy":[],"launchType":"FARGATE","placementConstraints":[],"placementStrategy":[],"propagateTags":"SERVICE","loadBalancers":[{}]}""");

        Assert.Equal(["clientToken", "cluster", "count", "launchType", "overrides", "startedBy", "taskDefinition"], input.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal("FARGATE", (string?)input["launchType"]);
    }

    [Fact]
    public void Volumes_that_are_made_at_launch_are_made_for_the_task_too()
    {
        const string disk = """{"name":"disk","managedEBSVolume":{"roleArn":"arn:aws:iam::222222222222:role/ebs","sizeInGiB":10}}""";
        var service = $$"""
            {"deployments":[{"status":"ACTIVE","volumeConfigurations":[{"name":"disk"}]},{"status":"PRIMARY","volumeConfigurations":[{{disk}},{"name":"elsewhere"}]}]}
            """;

        Assert.Equal($"[{disk}]", Input(service, """[{"name":"disk","configuredAtLaunch":true},{"name":"elsewhere"}]""")["volumeConfigurations"]!.ToJsonString());
        Assert.Null(Input(service)["volumeConfigurations"]);
    }

    private static JsonObject Input(string service, string volumes = "[]")
    {
        var json = (JsonObject)JsonNode.Parse(service)!;
        (json["serviceArn"], json["clusterArn"]) = ("arn:aws:ecs:eu-west-1:222222222222:service/prod/web", "arn:aws:ecs:eu-west-1:222222222222:cluster/prod");
        var answer = Some.Answer;
        answer["taskDefinition"]!["volumes"] = JsonNode.Parse(volumes);
        var definition = TaskDefinition.FromAnswer(answer);
        var request = new OneOffRequest { Wish = new OneOffTask(["migrate", "all"]), Occasion = "7", Service = new ServiceState(json), Definition = definition, Container = "web" };
        return OneOffInput.Of(request, "web", definition);
    }
}
