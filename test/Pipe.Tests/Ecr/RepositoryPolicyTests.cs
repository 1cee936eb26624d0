using EcsDeploy.Ecr;
using EcsDeploy.Names;
using Xunit;

namespace Pipe.Tests.Ecr;

/// <summary>What a policy of ECR may mean for account 222222222222: in doubt it may pull.</summary>
public sealed class RepositoryPolicyTests
{
    private const string Both = "\"Action\":[\"ecr:BatchGetImage\",\"ecr:GetDownloadUrlForLayer\"]";

    private static AccountId Account => AccountId.TryParse("222222222222", out var account) ? account : throw new FormatException();

    [Theory]
    [InlineData("\"Principal\":\"*\"," + Both)]
    [InlineData("\"Principal\":{\"AWS\":\"*\"},\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}," + Both)]
    [InlineData("\"Principal\":{\"AWS\":[\"333333333333\",\"222222222222\"]}," + Both)]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:iam::222222222222:root\"}," + Both)]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:iam::222222222222:role/anything\"}," + Both)]
    [InlineData("\"Principal\":{\"AWS\":\"AROAEXAMPLEEXAMPLE\"}," + Both)]
    [InlineData("\"NotPrincipal\":{\"AWS\":\"333333333333\"}," + Both)]
    [InlineData("\"Principal\":\"*\",\"Action\":\"*\"")]
    [InlineData("\"Principal\":\"*\",\"Action\":[\"ECR:Batch*\",\"ecr:GetDownloadUrl?orLayer\"]")]
    [InlineData("\"Principal\":\"*\",\"NotAction\":\"ecr:DeleteRepository\"")]
    public void It_might_pull(string statement) => Assert.True(Of($$"""{"Effect":"Allow",{{statement}}}""").MightAllow(Account));

    [Theory]
    [InlineData("\"Principal\":{\"AWS\":\"333333333333\"}," + Both)]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:iam::333333333333:root\"}," + Both)]
    [InlineData("\"Principal\":{\"Service\":\"codebuild.amazonaws.com\"}," + Both)]
    [InlineData("\"Principal\":\"*\",\"Action\":\"ecr:BatchGetImage\"")]
    [InlineData("\"Principal\":\"*\",\"Action\":\"ecr:Describe*\"")]
    public void It_cannot_pull(string statement) => Assert.False(Of($$"""{"Effect":"Allow",{{statement}}}""").MightAllow(Account));

    [Fact]
    public void The_two_actions_may_stand_in_two_statements()
    {
        var policy = Of("""
            {"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"},{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"ecr:GetDownloadUrlForLayer"}
            """);

        Assert.True(policy.MightAllow(Account));
    }

    [Theory]
    [InlineData("\"Principal\":\"*\",\"Action\":\"ecr:*\"", "statement 1")]
    [InlineData("\"Sid\":\"Closed\",\"Principal\":{\"AWS\":\"222222222222\"},\"Action\":\"ecr:BatchGetImage\"", "statement 'Closed'")]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:iam::222222222222:role/other\"},\"Action\":\"ecr:*\"", null)]
    [InlineData("\"Principal\":{\"AWS\":\"333333333333\"},\"Action\":\"ecr:*\"", null)]
    [InlineData("\"Principal\":\"*\",\"Action\":\"ecr:*\",\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}", null)]
    [InlineData("\"NotPrincipal\":{\"AWS\":\"333333333333\"},\"Action\":\"ecr:*\"", null)]
    [InlineData("\"Principal\":\"*\",\"NotAction\":\"ecr:BatchGetImage\"", null)]
    [InlineData("\"Principal\":\"*\",\"Action\":\"ecr:PutImage\"", null)]
    public void A_denial_counts_only_where_it_is_plain(string statement, string? called) => Assert.Equal(called, Of($$"""{"Effect":"Deny",{{statement}}}""").Denial(Account));

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Statement":["Allow"]}""")]
    public void What_cannot_be_read_is_no_policy_to_judge_by(string text) => Assert.Null(RepositoryPolicy.Parse(text));

    [Fact]
    public void No_policy_allows_nobody() => Assert.False(RepositoryPolicy.Parse("")!.MightAllow(Account));

    [Fact]
    public void The_statement_to_add_is_of_the_registrys_partition() =>
        Assert.Contains("arn:aws-cn:iam::222222222222:root", RepositoryPolicy.StatementFor(Account, AwsPartition.Of("cn-north-1")), StringComparison.Ordinal);

    private static RepositoryPolicy Of(string statements) => RepositoryPolicy.Parse($$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""") ?? throw new FormatException(statements);
}
