using Sandbox.Authorization;
using Xunit;

namespace Sandbox.Tests.Authorization;

/// <summary>What a statement is about: the IAM user guide's "policy elements", each on both sides.</summary>
public sealed class StatementTests
{
    [Theory]
    [InlineData("\"Action\":\"ecr:PutImage\",\"Resource\":\"*\"", true)]
    [InlineData("\"Action\":\"ECR:putimage\",\"Resource\":\"*\"", true)]
    [InlineData("\"Action\":[\"ecs:*\",\"ecr:Put*\"],\"Resource\":\"*\"", true)]
    [InlineData("\"Action\":\"ecr:Get*\",\"Resource\":\"*\"", false)]
    [InlineData("\"NotAction\":\"ecs:*\",\"Resource\":\"*\"", true)]
    [InlineData("\"NotAction\":\"ecr:*\",\"Resource\":\"*\"", false)]
    [InlineData("\"Action\":\"*\",\"Resource\":\"arn:aws:ecr:eu-west-1:222222222222:repository/shop\"", true)]
    [InlineData("\"Action\":\"*\",\"Resource\":\"arn:aws:ecr:*:222222222222:repository/s?op\"", true)]
    [InlineData("\"Action\":\"*\",\"Resource\":\"arn:aws:ecr:*\"", true)]
    [InlineData("\"Action\":\"*\",\"Resource\":\"arn:aws:ecr:eu-west-1:222222222222:repository/shop-*\"", false)]
    [InlineData("\"Action\":\"*\",\"Resource\":\"arn:aws:ecr:us-east-1:222222222222:repository/shop\"", false)]
    [InlineData("\"Action\":\"*\",\"Resource\":\"arn:aws:ecr:*:repository/shop\"", false)]
    [InlineData("\"Action\":\"*\",\"NotResource\":\"arn:aws:ecr:*:*:repository/other\"", true)]
    [InlineData("\"Action\":\"*\",\"NotResource\":\"arn:aws:ecr:*:*:repository/shop\"", false)]
    public void Actions_and_resources_match_by_pattern(string members, bool isAllowed) =>
        Assert.Equal(isAllowed, Some.Authorizer(Some.Allow(members)).Refusal(Some.Question()) is null);

    [Theory]
    [InlineData("\"Principal\":\"*\"", true)]
    [InlineData("\"Principal\":{\"AWS\":\"*\"}", true)]
    [InlineData("\"Principal\":{\"AWS\":[\"arn:aws:iam::222222222222:role/r\"]}", true)]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:iam::222222222222:role/q\"}", false)]
    [InlineData("\"Principal\":{\"Service\":\"ecs-tasks.amazonaws.com\"}", false)]
    [InlineData("\"NotPrincipal\":{\"AWS\":\"arn:aws:iam::222222222222:role/q\"}", true)]
    [InlineData("\"NotPrincipal\":{\"AWS\":\"arn:aws:iam::222222222222:role/r\"}", false)]
    [InlineData("\"Principal\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}", true)]
    [InlineData("\"Principal\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-2\"}}", false)]
    public void A_resource_policy_names_whom_it_is_about(string members, bool isAllowed)
    {
        var policy = Some.Policy($$"""{"Effect":"Allow","Action":"ecr:PutImage",{{members}}}""");

        var refusal = Some.Authorizer(null).Refusal(Some.Question() with { ResourcePolicy = policy });

        Assert.Equal(isAllowed, refusal is null);
    }

    [Theory]
    [InlineData("Allow", true)]
    [InlineData("Deny", false)]
    public void A_single_statement_needs_no_list(string effect, bool isAllowed)
    {
        var policy = $$"""{"Version":"2012-10-17","Statement":{"Effect":"{{effect}}","Action":"*","Resource":"*"} }""";

        Assert.Equal(isAllowed, Some.Authorizer(policy).Refusal(Some.Question()) is null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"Version\":\"2012-10-17\"}")]
    [InlineData("{\"Version\":\"2020-01-01\",\"Statement\":[]}")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\"}]}")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotAction\":\"*\",\"Resource\":\"*\"}]}")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resources\":\"*\"}]}")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"StringIs\":{\"a\":\"b\"}}}]}")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Principal\":{\"AWS\":\"arn:aws:iam::1:role/*\"}}]}")]
    public void A_malformed_policy_is_refused(string text) => Assert.Throws<FormatException>(() => Policy.Parse(text));

    [Theory]
    [InlineData("${aws:PrincipalTag/app}", "shop", true)]
    [InlineData("${aws:PrincipalTag/app}", "other", false)]
    [InlineData("${aws:PrincipalTag/app}", null, false)]
    [InlineData("${aws:PrincipalTag/app, 'shop'}", null, true)]
    public void Variables_are_filled_from_the_request(string name, string? tag, bool isAllowed)
    {
        var identity = Some.Allow($$"""
            "Action":"*","Resource":"arn:aws:ecr:*:*:repository/{{name}}"
            """);
        var caller = Some.Session with { Keys = tag is null ? [] : new Dictionary<string, string> { ["aws:PrincipalTag/app"] = tag } };

        Assert.Equal(isAllowed, Some.Authorizer(identity).Refusal(Some.Question() with { Caller = caller }) is null);
    }
}
