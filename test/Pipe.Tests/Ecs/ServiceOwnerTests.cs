using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class ServiceOwnerTests
{
    [Theory]
    [InlineData("aws:cloudformation:stack-name", "shop-dev", "CloudFormation stack shop-dev")]
    [InlineData("ManagedBy", "terraform", "Terraform")]
    [InlineData("managed-by", "Terraform Cloud", "Terraform")]
    [InlineData("terraform-workspace", "dev", "Terraform")]
    [InlineData("team", "terraform-guild", null)]
    [InlineData("name", "shop", null)]
    public void The_tags_tell_whose_a_service_is(string key, string value, string? owner) =>
        Assert.Equal(owner, ServiceOwner.Of(With((key, value)))?.Name);

    [Fact]
    public void A_stack_of_the_CDK_is_told_apart_where_a_tag_says_so() =>
        Assert.Equal("CDK stack shop", ServiceOwner.Of(With(("aws:cloudformation:stack-name", "shop"), ("managed-by", "aws-cdk")))?.Name);

    private static ServiceState With(params IReadOnlyList<(string Key, string Value)> tags) => new(new JsonObject
    {
        ["taskDefinition"] = "arn:aws:ecs:eu-west-1:222222222222:task-definition/shop:3",
        ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)new JsonObject { ["key"] = tag.Key, ["value"] = tag.Value })]),
    });
}
