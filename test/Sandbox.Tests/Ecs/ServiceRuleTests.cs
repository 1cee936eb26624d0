using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>What CreateService, UpdateService, DeleteService refuse; sources: their texts in the ECS model, the ECS guide's API error messages.</summary>
public sealed class ServiceRuleTests : IDisposable
{
    private const string Good = """{"cluster":"dev","serviceName":"web","taskDefinition":"web","desiredCount":1,"launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["a"]}}}""";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("", "", null)]
    [InlineData("\"taskDefinition\":\"web\",", "", "TaskDefinition can not be blank.")]
    [InlineData("\"taskDefinition\":\"web\"", "\"taskDefinition\":\"none\"", "TaskDefinition not found.")]
    [InlineData("\"desiredCount\":1", "\"desiredCount\":-1", "desiredCount must not be negative.")]
    [InlineData("\"serviceName\":\"web\"", "\"serviceName\":\"we b\"", "Invalid service name.")]
    [InlineData("\"desiredCount\":1,", "", "The desired count must be specified for the REPLICA scheduling strategy.")]
    [InlineData("\"networkConfiguration\":{\"awsvpcConfiguration\":{\"subnets\":[\"a\"]}}", "\"x\":1", "Network Configuration must be provided when networkMode 'awsvpc' is specified.")]
    [InlineData("\"desiredCount\":1", "\"desiredCount\":1,\"capacityProviderStrategy\":[{\"capacityProvider\":\"FARGATE\"}]", "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.")]
    [InlineData("\"desiredCount\":1", "\"desiredCount\":1,\"loadBalancers\":[{\"targetGroupArn\":\"t\",\"containerName\":\"none\",\"containerPort\":8080}]", "The container none does not exist in the task definition.")]
    [InlineData("\"desiredCount\":1", "\"desiredCount\":1,\"loadBalancers\":[{\"targetGroupArn\":\"t\",\"containerName\":\"web\",\"containerPort\":80}]", "The container web did not have a container port 80 defined.")]
    [InlineData("\"desiredCount\":1", "\"desiredCount\":1,\"loadBalancers\":[{\"targetGroupArn\":\"t\",\"containerName\":\"web\",\"containerPort\":8080}]", null)]
    [InlineData("\"desiredCount\":1", "\"desiredCount\":1,\"deploymentConfiguration\":{\"maximumPercent\":100,\"minimumHealthyPercent\":100}", "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.")]
    [InlineData("\"desiredCount\":1", "\"schedulingStrategy\":\"DAEMON\"", "The daemon scheduling strategy is not supported for the FARGATE launch type.")]
    public async Task A_service_is_checked_when_it_is_created(string part, string instead, string? refusal)
    {
        await _bench.CallAsync("CreateCluster", """{"clusterName":"dev"}""");
        await _bench.CallAsync("RegisterTaskDefinition", Bench.Definition());
        var input = part.Length == 0 ? Good : Good.Replace(part, instead, StringComparison.Ordinal);
        if (refusal is null)
        {
            Assert.Equal("ACTIVE", (string)(await _bench.CallAsync("CreateService", input))["service"]!["status"]!);
            return;
        }

        Assert.Equal(refusal, (await _bench.FailAsync("CreateService", input)).Message);
    }

    [Fact]
    public async Task A_definition_for_EC2_does_not_run_on_Fargate()
    {
        await _bench.CallAsync("CreateCluster", """{"clusterName":"dev"}""");
        await _bench.CallAsync("RegisterTaskDefinition", """{"family":"web","networkMode":"awsvpc","containerDefinitions":[{"name":"web","image":"nginx","memory":64}]}""");
        Assert.Equal("Task definition does not support launch_type FARGATE.", (await _bench.FailAsync("CreateService", Good)).Message);
        Assert.NotNull(await _bench.CallAsync("CreateService", Good.Replace("FARGATE", "EC2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_name_is_taken_until_the_service_is_gone()
    {
        await _bench.SteadyAsync(1);
        Assert.Equal("Creation of service was not idempotent.", (await _bench.FailAsync("CreateService", Good)).Message);
        Assert.Equal("The service cannot be stopped while it is scaled above 0.", (await _bench.FailAsync("DeleteService", """{"cluster":"dev","service":"web"}""")).Message);
        var deleted = await _bench.CallAsync("DeleteService", """{"cluster":"dev","service":"web","force":true}""");
        Assert.Equal("DRAINING", (string)deleted["service"]!["status"]!);
        Assert.Equal("Unable to Start a service that is still Draining.", (await _bench.FailAsync("CreateService", Good)).Message);
        Assert.Equal("ServiceNotActiveException", (await _bench.FailAsync("UpdateService", """{"cluster":"dev","service":"web","desiredCount":1}""")).Code);
        Assert.Equal("ClusterContainsServicesException", (await _bench.FailAsync("DeleteCluster", """{"cluster":"dev"}""")).Code);
        _bench.Wait(60);
        Assert.Equal("INACTIVE", (string)(await _bench.ServiceAsync())["status"]!);
        Assert.NotNull(await _bench.CallAsync("CreateService", Good));
    }

    [Fact]
    public async Task The_same_client_token_gives_the_same_answer()
    {
        await _bench.CallAsync("CreateCluster", """{"clusterName":"dev"}""");
        await _bench.CallAsync("RegisterTaskDefinition", Bench.Definition());
        var input = Good.Replace("{\"cluster\"", "{\"clientToken\":\"t\",\"cluster\"", StringComparison.Ordinal);
        var first = await _bench.CallAsync("CreateService", input);
        Assert.Equal(first.ToJsonString(), (await _bench.CallAsync("CreateService", input)).ToJsonString());
    }

    [Theory]
    [InlineData("CODE_DEPLOY", "\"taskDefinition\":\"web\"", "Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.")]
    [InlineData("EXTERNAL", "\"forceNewDeployment\":true", "Cannot force a new deployment on services with a EXTERNAL deployment controller.")]
    [InlineData("CODE_DEPLOY", "\"desiredCount\":3", null)]
    public async Task Other_controllers_keep_their_members_to_themselves(string controller, string change, string? refusal)
    {
        await _bench.StartAsync(1, $$""","deploymentController":{"type":"{{controller}}"}""");
        var input = $$"""{"cluster":"dev","service":"web",{{change}}}""";
        if (refusal is null)
        {
            Assert.Equal(3, (int)(await _bench.CallAsync("UpdateService", input))["service"]!["desiredCount"]!);
            return;
        }

        Assert.Equal(refusal, (await _bench.FailAsync("UpdateService", input)).Message);
    }
}
