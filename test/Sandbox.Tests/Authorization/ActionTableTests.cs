using Xunit;

namespace Sandbox.Tests.Authorization;

/// <summary>Which action is authorized on which resource: authorization.md 1.2 to 1.5.</summary>
public sealed class ActionTableTests
{
    private const string Ecs = "arn:aws:ecs:eu-west-1:222222222222";

    [Theory]
    [InlineData("ecs:DescribeServices", $"{Ecs}:service/dev/api", true)]
    [InlineData("ecs:DescribeServices", $"{Ecs}:cluster/dev", false)]
    [InlineData("ecs:DescribeServices", "*", false)]
    [InlineData("ecs:DescribeTaskDefinition", "*", true)]
    [InlineData("ecs:DescribeTaskDefinition", $"{Ecs}:task-definition/api:1", false)]
    [InlineData("ecs:ListTasks", "*", true)]
    [InlineData("ecs:StopServiceDeployment", $"{Ecs}:service/dev/api", true)]
    [InlineData("ecs:StopServiceDeployment", $"{Ecs}:service-deployment/dev/api/1", true)]
    [InlineData("ecr:GetAuthorizationToken", "*", true)]
    [InlineData("ecr:GetAuthorizationToken", Some.Repository, false)]
    [InlineData("ecr:PutImage", Some.Repository, true)]
    [InlineData("ecr:ListImageReferrers", Some.Repository, false)]
    [InlineData("ecs:UpdateServices", $"{Ecs}:service/dev/api", false)]
    [InlineData("iam:PassRole", "arn:aws:iam::222222222222:role/task", true)]
    public void An_action_or_resource_that_is_not_in_the_table_is_refused_even_to_the_mighty(string action, string resource, bool isKnown) =>
        Assert.Equal(isKnown, Some.Authorizer(Some.Allow()).Refusal(Some.Question(action, resource) with { ResourceAccount = null }) is null);

    [Fact]
    public void An_action_without_resources_is_never_matched_by_an_ARN()
    {
        // authorization.md 1.2: "an ARN in Resource never matches".
        var scoped = Some.Allow($$"""
            "Action":"ecs:ListServices","Resource":"{{Ecs}}:*"
            """);

        var refusal = Some.Authorizer(scoped).Refusal(Some.Question("ecs:ListServices", "*") with { ResourceAccount = null });

        Assert.Equal(
            $"User: {Some.SessionArn} is not authorized to perform: ecs:ListServices on resource: * because no identity-based policy allows the ecs:ListServices action",
            refusal);
    }
}
