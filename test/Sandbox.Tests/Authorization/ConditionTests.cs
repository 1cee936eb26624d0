using Xunit;

namespace Sandbox.Tests.Authorization;

/// <summary>Condition operators, each on both sides (IAM user guide, "condition operators"; authorization.md 2.1).</summary>
public sealed class ConditionTests
{
    [Theory]
    [InlineData("StringEquals", "Shop", "Shop", true)]
    [InlineData("StringEquals", "Shop", "shop", false)]
    [InlineData("StringEquals", "S*", "Shop", false)]
    [InlineData("StringNotEquals", "Shop", "shop", true)]
    [InlineData("StringNotEquals", "Shop", "Shop", false)]
    [InlineData("StringEqualsIgnoreCase", "Shop", "sHOP", true)]
    [InlineData("StringEqualsIgnoreCase", "Shop", "shops", false)]
    [InlineData("StringNotEqualsIgnoreCase", "Shop", "shops", true)]
    [InlineData("StringNotEqualsIgnoreCase", "Shop", "SHOP", false)]
    [InlineData("StringLike", "{repo}:*", "{repo}:{step}", true)]
    [InlineData("StringLike", "s?op*", "shop", true)]
    [InlineData("StringLike", "{repo}:*", "{other}:{step}", false)]
    [InlineData("StringNotLike", "s*", "web", true)]
    [InlineData("StringNotLike", "s*", "shop", false)]
    [InlineData("ArnEquals", "arn:aws:ecs:*:222222222222:cluster/dev", "arn:aws:ecs:eu-west-1:222222222222:cluster/dev", true)]
    [InlineData("ArnLike", "arn:aws:ecs:*:222222222222:cluster/d*", "arn:aws:ecs:eu-west-1:222222222222:cluster/prod", false)]
    [InlineData("ArnEquals", "dev", "arn:aws:ecs:eu-west-1:222222222222:cluster/dev", false)]
    [InlineData("ArnNotEquals", "arn:aws:ecs:*:*:cluster/dev", "arn:aws:ecs:eu-west-1:222222222222:cluster/prod", true)]
    [InlineData("ArnNotLike", "arn:aws:ecs:*:*:cluster/*", "arn:aws:ecs:eu-west-1:222222222222:cluster/prod", false)]
    [InlineData("Bool", "true", "True", true)]
    [InlineData("Bool", "true", "false", false)]
    [InlineData("NumericEquals", "256", "256.0", true)]
    [InlineData("NumericEquals", "256", "512", false)]
    [InlineData("NumericNotEquals", "256", "512", true)]
    [InlineData("NumericLessThan", "1024", "512", true)]
    [InlineData("NumericLessThan", "512", "512", false)]
    [InlineData("NumericLessThanEquals", "512", "512", true)]
    [InlineData("NumericGreaterThan", "512", "1024", true)]
    [InlineData("NumericGreaterThan", "512", "no number", false)]
    [InlineData("NumericGreaterThanEquals", "512", "511", false)]
    [InlineData("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", true)]
    [InlineData("DateGreaterThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", false)]
    [InlineData("DateGreaterThanEquals", "1767225600", "2026-01-01T00:00:00Z", true)]
    [InlineData("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", false)]
    [InlineData("DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true)]
    [InlineData("DateLessThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", true)]
    [InlineData("IpAddress", "10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("IpAddress", "10.0.0.1", "10.0.0.2", false)]
    [InlineData("NotIpAddress", "10.0.0.0/8", "11.0.0.1", true)]
    [InlineData("NotIpAddress", "10.0.0.0/8", "10.0.0.1", false)]
    public void An_operator_compares_the_policys_value_with_the_requests(string name, string wanted, string given, bool isAllowed) =>
        Assert.Equal(isAllowed, IsAllowed(name, "aws:ResourceTag/app", [wanted], ("aws:ResourceTag/app", given)));

    [Theory]
    [InlineData("StringEquals", false)]
    [InlineData("StringLike", false)]
    [InlineData("StringNotEquals", true)]
    [InlineData("StringEqualsIfExists", true)]
    [InlineData("NumericLessThan", false)]
    [InlineData("ForAllValues:StringEquals", true)]
    [InlineData("ForAnyValue:StringEquals", false)]
    public void A_missing_key_makes_a_positive_operator_false(string name, bool isAllowed) =>
        Assert.Equal(isAllowed, IsAllowed(name, "aws:ResourceTag/app", ["5"]));

    [Theory]
    [InlineData("true", false, true)]
    [InlineData("true", true, false)]
    [InlineData("false", true, true)]
    [InlineData("false", false, false)]
    public void Null_asks_whether_a_key_is_missing(string wanted, bool isThere, bool isAllowed) =>
        Assert.Equal(isAllowed, IsAllowed("Null", "aws:ResourceTag/app", [wanted], isThere ? [("aws:ResourceTag/app", "x")] : []));

    [Theory]
    [InlineData("ForAllValues:StringEquals", true, "app", "team")]
    [InlineData("ForAllValues:StringEquals", false, "app", "other")]
    [InlineData("ForAnyValue:StringEquals", true, "app", "other")]
    [InlineData("ForAnyValue:StringEquals", false, "one", "other")]
    [InlineData("ForAllValues:StringNotEquals", true, "one", "other")]
    [InlineData("ForAllValues:StringNotEquals", false, "app", "other")]
    [InlineData("ForAnyValue:StringNotEquals", true, "app", "other")]
    public void Multi_valued_keys_are_compared_as_sets(string name, bool isAllowed, params string[] given) =>
        Assert.Equal(isAllowed, IsAllowed(name, "aws:TagKeys", ["app", "team"], [.. given.Select(value => ("aws:TagKeys", value))], "ecr:TagResource"));

    [Fact]
    public void Several_values_are_alternatives_and_key_names_have_no_case() =>
        Assert.True(IsAllowed("StringEquals", "AWS:resourcetag/APP", ["a", "b"], ("aws:ResourceTag/app", "b")));

    [Theory]
    [InlineData("StringEquals", "aws:PrincipalArn", Some.RoleArn, true)]
    [InlineData("StringEquals", "aws:PrincipalArn", Some.SessionArn, false)]
    [InlineData("StringEquals", "aws:PrincipalAccount", Some.Account, true)]
    [InlineData("StringEquals", "aws:RequestedRegion", "eu-west-1", true)]
    [InlineData("IpAddress", "aws:SourceIp", "127.0.0.0/8", true)]
    [InlineData("IpAddress", "aws:SourceIp", "104.192.136.0/21", false)]
    [InlineData("DateLessThan", "aws:CurrentTime", "2026-03-01T12:00:01Z", true)]
    [InlineData("DateLessThan", "aws:EpochTime", "2026-03-01T12:00:00Z", false)]
    public void Every_request_carries_the_global_keys(string name, string key, string value, bool isAllowed) => Assert.Equal(isAllowed, IsAllowed(name, key, [value]));

    [Fact]
    public void A_key_that_the_action_does_not_carry_is_not_there()
    {
        // authorization.md 1.2: ListClusters has no keys, ListServices has ecs:cluster.
        var condition = Some.Allow("""
            "Action":"ecs:*","Resource":"*","Condition":{"StringEquals":{"ecs:cluster":"c"}}
            """);

        Assert.Null(Some.Authorizer(condition).Refusal(Some.Question("ecs:ListServices", "*", ("ecs:cluster", "c")) with { ResourceAccount = null }));
        Assert.NotNull(Some.Authorizer(condition).Refusal(Some.Question("ecs:ListClusters", "*", ("ecs:cluster", "c")) with { ResourceAccount = null }));
    }

    private static bool IsAllowed(string name, string key, string[] wanted, params (string Key, string Value)[] given) => IsAllowed(name, key, wanted, given, "ecr:PutImage");

    private static bool IsAllowed(string name, string key, string[] wanted, (string Key, string Value)[] given, string action)
    {
        var values = string.Join("\",\"", wanted);
        var identity = Some.Allow($$"""
            "Action":"*","Resource":"*","Condition":{"{{name}}":{"{{key}}":["{{values}}"]} }
            """);
        return Some.Authorizer(identity).Refusal(Some.Question(action, Some.Repository, given)) is null;
    }
}
