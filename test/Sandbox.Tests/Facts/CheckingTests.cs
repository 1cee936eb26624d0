using System.Text.Json.Nodes;
using Sandbox.Facts;
using Sandbox.Wire;
using Xunit;

namespace Sandbox.Tests.Facts;

public sealed class CheckingTests
{
    [Theory]
    [InlineData("ecs", "CreateCluster", """{"clusterName":"dev","tags":[{"key":"a","value":""}]}""")]
    [InlineData("ecs", "RegisterTaskDefinition", """{"family":"web","containerDefinitions":[{"name":"app","image":"nginx","cpu":0,"dockerLabels":{"a":"b"}}]}""")]
    [InlineData("ecs", "DescribeServices", """{"services":["a"],"include":["TAGS"],"cluster":null}""")]
    [InlineData("ecr", "CreateRepository", """{"repositoryName":"team/shop","imageTagMutability":"IMMUTABLE"}""")]
    [InlineData("ecr", "UploadLayerPart", """{"repositoryName":"shop","uploadId":"11111111-2222-3333-4444-555555555555","partFirstByte":0,"partLastByte":3,"layerPartBlob":"AAAA"}""")]
    [InlineData("sts", "AssumeRole", """{"RoleArn":"arn:aws:iam::222222222222:role/deploy","RoleSessionName":"me","DurationSeconds":"900"}""")]
    [InlineData("logs", "GetLogEvents", """{"logGroupName":"/ecs/web","logStreamName":"app/1","startTime":1}""")]
    public void An_input_that_keeps_to_the_model_passes(string service, string operation, string input)
    {
        var report = ApiFacts.Check(service, operation, Json(input));

        Assert.Empty(report.UnknownMembers);
    }

    [Fact]
    public void Members_that_the_model_does_not_know_are_reported_with_their_place()
    {
        var input = Json("""{"family":"web","earlySuccess":1,"containerDefinitions":[{"name":"a"},{"name":"b","newField":{"deep":1}}]}""");

        var report = ApiFacts.Check("ecs", "RegisterTaskDefinition", input);

        Assert.Equal(["containerDefinitions[1].newField", "earlySuccess"], report.UnknownMembers.Order(StringComparer.Ordinal));
    }

    [Theory]
    // The texts: jenkins-x/jx#1344, aws/aws-dotnet-deploy#549.
    [InlineData("ecr", "CreateRepository", """{"repositoryName":"Team/Shop"}""", "InvalidParameterException", "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*''")]
    [InlineData("ecr", "DescribeImages", """{"repositoryName":"shop","maxResults":0}""", "InvalidParameterException", "Invalid parameter at 'maxResults' failed to satisfy constraint: 'must have value greater than or equal to 1'")]
    // serverless/serverless#4850; cisagov/crossfeed#374.
    [InlineData("logs", "FilterLogEvents", """{"logStreamNames":[]}""", "InvalidParameterException", "1 validation error detected: Value '[]' at 'logStreamNames' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    [InlineData("logs", "GetLogEvents", """{"logStreamName":"a:b"}""", "InvalidParameterException", "1 validation error detected: Value 'a:b' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*")]
    [InlineData("ecs", "UpdateService", """{}""", "InvalidParameterException", "1 validation error detected: Value null at 'service' failed to satisfy constraint: Member must not be null")]
    [InlineData("ecs", "CreateService", """{"serviceName":"a","launchType":"MOON"}""", "InvalidParameterException", "1 validation error detected: Value 'MOON' at 'launchType' failed to satisfy constraint: Member must satisfy enum value set: [EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES]")]
    [InlineData("ecs", "RegisterTaskDefinition", """{"containerDefinitions":[]}""", "ClientException", "1 validation error detected: Value null at 'family' failed to satisfy constraint: Member must not be null")]
    [InlineData("sts", "AssumeRole", """{"RoleArn":"arn:aws:iam::222222222222:role/deploy","RoleSessionName":"ü€"}""", "ValidationError", """1 validation error detected: Value 'ü€' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*""")]
    // amazon-ecs-deploy-task-definition#587.
    [InlineData("ecs", "UpdateService", """{"service":"a","desiredCount":"3"}""", "SerializationException", "STRING_VALUE cannot be converted to Integer")]
    [InlineData("ecs", "UpdateService", """{"service":7}""", "SerializationException", "NUMBER_VALUE cannot be converted to String")]
    [InlineData("ecs", "UpdateService", """{"service":{}}""", "SerializationException", "Start of structure or map found where not expected.")]
    public void An_input_that_breaks_the_model_is_refused_in_the_words_of_its_service(string service, string operation, string input, string code, string message)
    {
        var refusal = Assert.Throws<ApiException>(() => ApiFacts.Check(service, operation, Json(input)));

        Assert.Equal((code, message, 400), (refusal.Code, refusal.Message, refusal.Status));
    }

    [Fact]
    public void Every_fault_is_named_at_once_and_elements_count_from_one()
    {
        var input = Json("""{"services":["a"],"include":["TAGS","X"],"cluster":"c"}""");
        var both = Json("""{"resourceArn":"","tags":[{"key":"ok"},{"key":""}],"x":1}""");

        var one = Assert.Throws<ApiException>(() => ApiFacts.Check("ecs", "DescribeServices", input));
        var two = Assert.Throws<ApiException>(() => ApiFacts.Check("ecs", "TagResource", both));

        Assert.Contains("Value 'X' at 'include.2.member' failed", one.Message, StringComparison.Ordinal);
        Assert.StartsWith("1 validation error detected: Value '' at 'tags.2.member.key'", two.Message, StringComparison.Ordinal);
        Assert.StartsWith("2 validation errors detected: ", Assert.Throws<ApiException>(() => ApiFacts.Check("logs", "DescribeLogGroups", Json("""{"logGroupNamePrefix":""}"""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_of_ours_that_does_not_fit_the_model_is_caught()
    {
        Assert.Empty(ApiFacts.CheckOutput("ecs", "CreateCluster", Json("""{"cluster":{"clusterName":"a","runningTasksCount":0}}""")));
        Assert.Equal(["cluster.colour is not in the model"], ApiFacts.CheckOutput("ecs", "CreateCluster", Json("""{"cluster":{"colour":"a"}}""")));
        Assert.Empty(ApiFacts.CheckOutput("ecs", "CreateCluster", Json("""{"cluster":{"colour":"a"}}"""), new HashSet<string> { "colour" }));
        Assert.Single(ApiFacts.CheckOutput("ecs", "CreateCluster", Json("""{"cluster":{"clusterName":1}}""")));
        Assert.Empty(ApiFacts.CheckOutput("ecr", "ListImages", Json("""{"imageIds":[]}""")));
        Assert.Single(ApiFacts.CheckOutput("sts", "AssumeRole", Json("""{"AssumedRoleUser":{"Arn":"arn:aws:sts::222222222222:assumed-role/a/b"}}""")));
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
