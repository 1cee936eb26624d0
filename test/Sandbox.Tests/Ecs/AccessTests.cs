using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>What ECS asks of IAM; sources: authorization.md §1.2 and §1.6.</summary>
public sealed class AccessTests : IDisposable
{
    private const string Cluster = "arn:aws:ecs:eu-west-1:222222222222:cluster/dev";
    private const string Service = "arn:aws:ecs:eu-west-1:222222222222:service/dev/web";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("DescribeClusters", """{"clusters":["dev"]}""", Cluster)]
    [InlineData("ListClusters", "{}", "*")]
    [InlineData("DescribeServices", """{"cluster":"dev","services":["web"]}""", Service)]
    [InlineData("ListServices", """{"cluster":"dev"}""", "*")]
    [InlineData("UpdateService", """{"cluster":"dev","service":"web","desiredCount":3}""", Service)]
    [InlineData("ListTasks", """{"cluster":"dev"}""", "*")]
    [InlineData("DescribeTasks", """{"cluster":"dev","tasks":["1"]}""", "arn:aws:ecs:eu-west-1:222222222222:task/dev/1")]
    [InlineData("DescribeTaskDefinition", """{"taskDefinition":"web"}""", "*")]
    [InlineData("RegisterTaskDefinition", """{"family":"web","containerDefinitions":[{"name":"a","image":"b","memory":64}]}""", "arn:aws:ecs:eu-west-1:222222222222:task-definition/web:*")]
    [InlineData("ListTaskDefinitions", "{}", "*")]
    [InlineData("DeregisterTaskDefinition", """{"taskDefinition":"web:1"}""", "*")]
    [InlineData("ListServiceDeployments", """{"cluster":"dev","service":"web"}""", Service)]
    [InlineData("DeleteService", """{"cluster":"dev","service":"web","force":true}""", Service)]
    [InlineData("DeleteCluster", """{"cluster":"dev"}""", Cluster)]
    [InlineData("TagResource", """{"resourceArn":"arn:aws:ecs:eu-west-1:222222222222:service/dev/web","tags":[{"key":"a","value":"b"}]}""", Service)]
    public async Task Each_action_is_asked_for_on_its_resource_and_a_refused_one_changes_nothing(string operation, string input, string resource)
    {
        await _bench.SteadyAsync(1);
        var before = (await _bench.ServiceAsync()).ToJsonString();
        _bench.Gate.Asked.Clear();
        _bench.Gate.Refuses = request => request.Action == $"ecs:{operation}";
        var error = await _bench.FailAsync(operation, input);
        Assert.Equal(("AccessDeniedException", 400), (error.Code, error.Status));
        Assert.Equal(resource, Assert.Single(_bench.Gate.Asked).Resource);

        _bench.Gate.Refuses = _ => false;
        Assert.Equal(before, (await _bench.ServiceAsync()).ToJsonString());
    }

    [Fact]
    public async Task UpdateService_carries_the_cluster_and_the_resolved_definition_as_condition_keys()
    {
        // Since 2024-03-21 the revision is resolved before authorization.
        await _bench.SteadyAsync(1);
        await _bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","taskDefinition":"web"}""");
        var asked = _bench.Gate.Asked.FindLast(request => request.Action == "ecs:UpdateService")!;
        Assert.Equal([Cluster], asked.Keys["ecs:cluster"]);
        Assert.Equal(["arn:aws:ecs:eu-west-1:222222222222:task-definition/web:1"], asked.Keys["ecs:task-definition"]);
    }

    [Fact]
    public async Task PassRole_is_asked_for_each_role_when_a_definition_is_registered_or_named_and_not_when_only_scaling()
    {
        await _bench.SteadyAsync(1);
        _bench.Gate.Refuses = request => request.Action == "iam:PassRole";
        Assert.Equal("AccessDeniedException", (await _bench.FailAsync("RegisterTaskDefinition", Bench.Definition())).Code);
        Assert.Equal("AccessDeniedException", (await _bench.FailAsync("UpdateService", """{"cluster":"dev","service":"web","taskDefinition":"web:1"}""")).Code);
        var asked = _bench.Gate.Asked.FindLast(request => request.Action == "iam:PassRole")!;
        Assert.Equal((Bench.Role, "ecs-tasks.amazonaws.com"), (asked.Resource, asked.Keys["iam:PassedToService"][0]));
        await _bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","desiredCount":2}""");
    }

    [Fact]
    public async Task A_role_of_another_account_cannot_be_passed()
    {
        var error = await _bench.FailAsync("RegisterTaskDefinition", Bench.Definition().Replace("iam::222222222222", "iam::111111111111", StringComparison.Ordinal));
        Assert.Equal(("AccessDeniedException", "Cross-account pass role is not allowed."), (error.Code, error.Message));
    }

    [Fact]
    public async Task Tags_at_registration_need_TagResource_with_the_creating_action()
    {
        var tagged = Bench.Definition().Replace("{\"family\"", "{\"tags\":[{\"key\":\"commit\",\"value\":\"1\"}],\"family\"", StringComparison.Ordinal);
        await _bench.CallAsync("RegisterTaskDefinition", tagged);
        Assert.Equal(["RegisterTaskDefinition"], _bench.Gate.Asked.Find(request => request.Action == "ecs:TagResource")!.Keys["ecs:CreateAction"]);
        _bench.Gate.Refuses = request => request.Action == "ecs:TagResource";
        Assert.Equal("AccessDeniedException", (await _bench.FailAsync("RegisterTaskDefinition", tagged)).Code);
        Assert.NotNull(await _bench.CallAsync("RegisterTaskDefinition", Bench.Definition()));
        _bench.Gate.Refuses = _ => false;
        Assert.Equal("InvalidParameterException", (await _bench.FailAsync("RegisterTaskDefinition", tagged.Replace("commit", "aws:commit", StringComparison.Ordinal))).Code);
    }

    [Fact]
    public async Task A_service_deployment_needs_both_grants()
    {
        await _bench.SteadyAsync(1);
        var arn = (string)(await _bench.RolloutAsync())["serviceDeploymentArn"]!;
        foreach (var part in new[] { ":service/dev/web", ":service-deployment/dev/web/" })
        {
            _bench.Gate.Refuses = request => request.Action == "ecs:DescribeServiceDeployments" && request.Resource.Contains(part, StringComparison.Ordinal);
            Assert.Equal("AccessDeniedException", (await _bench.FailAsync("DescribeServiceDeployments", $$"""{"serviceDeploymentArns":["{{arn}}"]}""")).Code);
        }
    }
}
