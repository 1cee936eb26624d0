using Sandbox.Ecr;
using Xunit;

namespace Sandbox.Tests.Ecr;

public class RepositoryTests
{
    [Fact]
    public async Task A_repository_is_made_described_and_deleted()
    {
        using var ecr = new EcrFixture();
        var made = await ecr.CallAsync("CreateRepository", """{"repositoryName":"team/api","imageTagMutability":"IMMUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":[{"filterType":"WILDCARD","filter":"latest*"}]}""");
        var twice = await ecr.FailAsync("CreateRepository", """{"repositoryName":"team/api"}""");
        new SampleImage().PutInto(ecr.Registry.Get("team/api"));
        var full = await ecr.FailAsync("DeleteRepository", """{"repositoryName":"team/api"}""");
        await ecr.CallAsync("DeleteRepository", """{"repositoryName":"team/api","force":true}""");
        var gone = await ecr.FailAsync("DescribeRepositories", """{"repositoryNames":["team/api"]}""");

        Assert.Equal("111111111111.dkr.ecr.eu-west-1.amazonaws.com/team/api", (string?)made["repository"]!["repositoryUri"]);
        Assert.Equal("RepositoryAlreadyExistsException", twice.Code);
        Assert.Equal("RepositoryNotEmptyException", full.Code);
        Assert.Equal("The repository with name 'team/api' does not exist in the registry with id '111111111111'", gone.Message);
    }

    [Theory]
    [InlineData("a/b-c_d.e", true)]
    [InlineData("a", false)]
    [InlineData("Upper", false)]
    [InlineData("a//b", false)]
    [InlineData("a/", false)]
    [InlineData("ab\n", false)]
    [InlineData("a---b", true)]
    public void Names_follow_the_models_pattern(string name, bool valid) => Assert.Equal(valid, RepositoryOperations.IsName(name));

    [Theory]
    [InlineData("CreateRepository", """{"repositoryName":"new"}""")]
    [InlineData("DeleteRepository", """{"repositoryName":"shop"}""")]
    [InlineData("DescribeRepositories", "{}")]
    [InlineData("BatchGetImage", """{"repositoryName":"shop","imageIds":[]}""")]
    [InlineData("PutImage", """{"repositoryName":"shop","imageManifest":"{}"}""")]
    [InlineData("SetRepositoryPolicy", """{"repositoryName":"shop","policyText":"{}"}""")]
    [InlineData("TagResource", """{"resourceArn":"arn:aws:ecr:eu-west-1:111111111111:repository/shop","tags":[]}""")]
    [InlineData("GetAuthorizationToken", "{}")]
    public async Task Every_operation_asks_for_its_own_action_first(string operation, string input)
    {
        using var ecr = new EcrFixture();
        ecr.Authorizer.Denied.Add("ecr:" + operation);

        Assert.Equal("AccessDeniedException", (await ecr.FailAsync(operation, input)).Code);
    }

    [Theory]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}""", true)]
    [InlineData("""{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":["ecr:*"]}}""", true)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"ecr:BatchGetImage"}]}""", false)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}]}""", false)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage","Resource":"*"}]}""", false)]
    [InlineData("""{"Version":"2030","Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}""", false)]
    [InlineData("{", false)]
    public async Task A_repository_policy_is_read_before_it_is_kept(string text, bool valid)
    {
        // ECR user guide, repository policies; awsdocs/amazon-ecr-user-guide#20 for Resource.
        using var ecr = new EcrFixture();
        ecr.Shop.Change(settings => settings with { Policy = null });
        var input = new System.Text.Json.Nodes.JsonObject { ["repositoryName"] = "shop", ["policyText"] = text }.ToJsonString();

        if (valid)
        {
            await ecr.CallAsync("SetRepositoryPolicy", input);
            Assert.Equal(text, (string?)(await ecr.CallAsync("DeleteRepositoryPolicy", """{"repositoryName":"shop"}"""))["policyText"]);
        }
        else
        {
            Assert.Equal("Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'", (await ecr.FailAsync("SetRepositoryPolicy", input)).Message);
        }

        Assert.Equal("RepositoryPolicyNotFoundException", (await ecr.FailAsync("GetRepositoryPolicy", """{"repositoryName":"shop"}""")).Code);
    }

    [Theory]
    [InlineData("""{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14}""", true)]
    [InlineData("""{"tagStatus":"tagged","tagPrefixList":["v"],"countType":"imageCountMoreThan","countNumber":5}""", true)]
    [InlineData("""{"tagStatus":"tagged","tagPatternList":["env-*"],"countType":"imageCountMoreThan","countNumber":5}""", true)]
    [InlineData("""{"tagStatus":"tagged","countType":"imageCountMoreThan","countNumber":5}""", false)]
    [InlineData("""{"tagStatus":"tagged","tagPatternList":["*a*b*c*d*"],"countType":"imageCountMoreThan","countNumber":5}""", false)]
    [InlineData("""{"tagStatus":"untagged","countType":"imageCountMoreThan","countUnit":"days","countNumber":5}""", false)]
    [InlineData("""{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":null,"countNumber":5}""", false)]
    [InlineData("""{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":0}""", false)]
    [InlineData("""{"tagStatus":"any","countType":"sometimes","countNumber":1}""", false)]
    public void Lifecycle_rules_follow_the_documented_grammar(string selection, bool valid)
    {
        // ECR user guide, lifecycle policy parameters; terraform-aws-ecr#132 for null.
        var policy = $$"""{"rules":[{"rulePriority":1,"selection":{{selection}},"action":{"type":"expire"} }]}""";

        Assert.Equal(valid, LifecycleGrammar.FaultOf(policy) is null);
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(2, 1, false)]
    [InlineData(1, 1, false)]
    public void The_rule_for_any_image_comes_last(int tagged, int any, bool valid)
    {
        var policy = $$"""
            {"rules":[
              {"rulePriority":{{any}},"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"} },
              {"rulePriority":{{tagged}},"selection":{"tagStatus":"tagged","tagPrefixList":["v"],"countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"} }]}
            """;

        Assert.Equal(valid, LifecycleGrammar.FaultOf(policy) is null);
    }

    [Fact]
    public async Task Tags_of_a_repository_are_conditions_of_its_permissions()
    {
        using var ecr = new EcrFixture();
        const string arn = "arn:aws:ecr:eu-west-1:111111111111:repository/shop";
        await ecr.CallAsync("TagResource", $$"""{"resourceArn":"{{arn}}","tags":[{"Key":"team","Value":"shop"}]}""");
        await ecr.CallAsync("ListImages", """{"repositoryName":"shop"}""");

        var asked = ecr.Authorizer.Asked.First(request => request.Action == "ecr:ListImages");
        Assert.Equal(["shop"], asked.Keys["aws:ResourceTag/team"]);
        await ecr.CallAsync("UntagResource", $$"""{"resourceArn":"{{arn}}","tagKeys":["team"]}""");
        Assert.Empty((await ecr.CallAsync("ListTagsForResource", $$"""{"resourceArn":"{{arn}}"}"""))["tags"]!.AsArray());
    }

    [Fact]
    public async Task Replication_is_told_as_the_clock_moves()
    {
        using var ecr = new EcrFixture();
        ecr.Registry.Replication = [new("us-east-1", "111111111111", TimeSpan.FromSeconds(5)), new("eu-north-1", "111111111111", TimeSpan.FromSeconds(5), "ReplicationFailed")];
        new SampleImage().PutInto(ecr.Shop, "v1");
        const string image = """{"repositoryName":"shop","imageId":{"imageTag":"v1"}}""";

        var before = await ecr.CallAsync("DescribeImageReplicationStatus", image);
        ecr.Clock.Now += TimeSpan.FromSeconds(5);
        var after = await ecr.CallAsync("DescribeImageReplicationStatus", image);

        Assert.Equal(["IN_PROGRESS", "IN_PROGRESS"], before["replicationStatuses"]!.AsArray().Select(s => (string?)s!["status"]));
        Assert.Equal(["COMPLETE", "FAILED"], after["replicationStatuses"]!.AsArray().Select(s => (string?)s!["status"]));
    }
}
