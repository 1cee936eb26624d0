using Sandbox.Wire;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>Inputs that pass the model's shapes and are odd all the same: always an error of AWS's kind, never a defect.</summary>
public sealed class OddInputTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("DescribeServices", """{"cluster":"","services":[""]}""")]
    [InlineData("DescribeServices", """{"cluster":"arn:aws:ecs:eu-west-1:222222222222:cluster/dev","services":["arn:x","a/b/c","::::::"]}""")]
    [InlineData("DescribeTasks", """{"cluster":"dev","tasks":["", "arn:aws:ecs:eu-west-1:1:task/x", "/"]}""")]
    [InlineData("ListTasks", """{"cluster":"dev","serviceName":"/","nextToken":"!!!"}""")]
    [InlineData("ListTasks", """{"cluster":"dev","nextToken":"TGlzdFRhc2tzfA=="}""")]
    [InlineData("DescribeTaskDefinition", """{"taskDefinition":":"}""")]
    [InlineData("DescribeTaskDefinition", """{"taskDefinition":"web:99999999999999999999"}""")]
    [InlineData("DescribeTaskDefinition", "{}")]
    [InlineData("DeregisterTaskDefinition", """{"taskDefinition":"web:-1"}""")]
    [InlineData("RegisterTaskDefinition", """{"family":"web","containerDefinitions":[]}""")]
    [InlineData("RegisterTaskDefinition", """{"family":"web","cpu":"9999999999 vcpu","memory":"x","containerDefinitions":[{"name":"a","image":"b"}]}""")]
    [InlineData("RegisterTaskDefinition", """{"family":"web","cpu":"","memory":"","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"containerDefinitions":[{"name":"a","image":"b"}]}""")]
    [InlineData("DescribeServiceDeployments", """{"serviceDeploymentArns":["x","arn:aws:ecs"]}""")]
    [InlineData("DescribeServiceRevisions", """{"serviceRevisionArns":["arn:aws:ecs:eu-west-1:222222222222:service-revision/dev/web"]}""")]
    [InlineData("StopServiceDeployment", """{"serviceDeploymentArn":"arn:aws:ecs:::///"}""")]
    [InlineData("ContinueServiceDeployment", """{"serviceDeploymentArn":"","hookId":""}""")]
    [InlineData("ListServiceDeployments", """{"cluster":"dev","service":"web","createdAt":{"after":1e300}}""")]
    [InlineData("TagResource", """{"resourceArn":"","tags":[{"key":"","value":""}]}""")]
    [InlineData("ListTagsForResource", """{"resourceArn":"arn:aws:ecs:eu-west-1:222222222222:cluster"}""")]
    [InlineData("RunTask", """{"cluster":"dev","taskDefinition":"web","overrides":{"containerOverrides":[{}]}}""")]
    [InlineData("CreateService", """{"serviceName":"","desiredCount":-1,"taskDefinition":"web"}""")]
    [InlineData("UpdateService", """{"cluster":"dev","service":"web","desiredCount":-5}""")]
    [InlineData("StopTask", """{"cluster":"dev","task":"/"}""")]
    public async Task An_odd_input_gets_an_answer_or_an_error(string operation, string input)
    {
        await _bench.SteadyAsync(1);
        try
        {
            Assert.NotNull(await _bench.CallAsync(operation, input));
        }
        catch (ApiException error)
        {
            Assert.EndsWith("Exception", error.Code, StringComparison.Ordinal);
        }

        _bench.Wait(60);
    }
}
