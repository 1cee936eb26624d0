using Sandbox.Ecs;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>Paging, throttling, lagging reads, failures; sources: the ECS model's texts, ecs.md §6, authorization.md §5.1.</summary>
public sealed class ApiTests
{
    [Theory]
    [InlineData("ListServices", "serviceArns", 10)]
    [InlineData("ListTasks", "taskArns", 100)]
    public async Task Lists_come_in_pages_of_the_documented_size(string operation, string member, int size)
    {
        using var bench = new Bench();
        await bench.SteadyAsync(120);
        for (var number = 0; number < 12; number++)
        {
            await bench.CallAsync("CreateService", $$"""{"cluster":"dev","serviceName":"s{{number}}","taskDefinition":"web","desiredCount":0,"launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["a"]} } }""");
        }

        var first = await bench.CallAsync(operation, """{"cluster":"dev"}""");
        Assert.Equal(size, first[member]!.AsArray().Count);
        var second = await bench.CallAsync(operation, $$"""{"cluster":"dev","nextToken":"{{first["nextToken"]}}"}""");
        Assert.Null(second["nextToken"]);
        Assert.Empty(first[member]!.AsArray().Select(item => (string)item!).Intersect(second[member]!.AsArray().Select(item => (string)item!)));
        Assert.Equal("InvalidParameterException", (await bench.FailAsync(operation, """{"cluster":"dev","nextToken":"nonsense"}""")).Code);
        Assert.Equal("InvalidParameterException", (await bench.FailAsync(operation, """{"cluster":"dev","maxResults":101}""")).Code);
    }

    [Theory]
    [InlineData("arn:aws:ecs:eu-west-1:222222222222:cluster/dev", true)]
    [InlineData("arn:aws:ecs:eu-west-1:333333333333:cluster/dev", false)]
    [InlineData("arn:aws:ecs:us-east-1:222222222222:cluster/dev", false)]
    [InlineData("arn:aws-cn:ecs:eu-west-1:222222222222:cluster/dev", false)]
    public async Task An_ARN_names_the_cluster_of_its_own_account_region_and_partition_alone(string cluster, bool isHere)
    {
        using var bench = new Bench();
        await bench.SteadyAsync(1);
        var input = $$"""{"cluster":"{{cluster}}","services":["web"]}""";

        if (isHere)
        {
            Assert.Single((await bench.CallAsync("DescribeServices", input))["services"]!.AsArray());
        }
        else
        {
            Assert.Equal("ClusterNotFoundException", (await bench.FailAsync("DescribeServices", input)).Code);
        }

        Assert.Equal(cluster.Replace(":cluster/", ":service/", StringComparison.Ordinal) + "/web", bench.Gate.Asked.FindLast(request => request.Action == "ecs:DescribeServices")!.Resource);
    }

    [Fact]
    public async Task With_pages_of_two_everything_still_arrives()
    {
        using var bench = new Bench(new EcsOptions { PageLimit = 2, Throttling = false });
        await bench.SteadyAsync(5);
        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = await bench.CallAsync("ListTasks", token is null ? """{"cluster":"dev"}""" : $$"""{"cluster":"dev","nextToken":"{{token}}"}""");
            Assert.InRange(page["taskArns"]!.AsArray().Count, 1, 2);
            seen.AddRange(page["taskArns"]!.AsArray().Select(item => (string)item!));
            token = (string?)page["nextToken"];
        }
        while (token is not null);

        Assert.Equal(5, seen.Distinct().Count());
    }

    [Fact]
    public async Task The_twenty_first_registration_at_once_is_throttled_and_one_more_a_second_is_not()
    {
        using var bench = new Bench(new EcsOptions());
        for (var number = 0; number < 20; number++)
        {
            await bench.CallAsync("RegisterTaskDefinition", Bench.Definition());
        }

        var error = await bench.FailAsync("RegisterTaskDefinition", Bench.Definition());
        Assert.Equal(("ThrottlingException", "Rate exceeded", 400), (error.Code, error.Message, error.Status));
        bench.Wait(1);
        await bench.CallAsync("RegisterTaskDefinition", Bench.Definition());
        Assert.Equal("ThrottlingException", (await bench.FailAsync("DeregisterTaskDefinition", """{"taskDefinition":"web:1"}""")).Code);
        await bench.CallAsync("DescribeTaskDefinition", """{"taskDefinition":"web"}""");
    }

    [Fact]
    public async Task Each_account_has_buckets_of_its_own()
    {
        using var bench = new Bench(new EcsOptions());
        for (var number = 0; number < 20; number++)
        {
            await bench.CallAsync("CreateCluster", $$"""{"clusterName":"c{{number}}"}""");
        }

        Assert.Equal("ThrottlingException", (await bench.FailAsync("CreateCluster", "{}")).Code);
        await bench.CallAsync("CreateCluster", "{}", "333333333333");
    }

    [Fact]
    public async Task Reads_can_lag_behind_writes()
    {
        // RunTask in the ECS model: the result of a command might not be visible to the commands that follow.
        using var bench = new Bench(new EcsOptions { ReadLag = TimeSpan.FromSeconds(3), Throttling = false });
        await bench.StartAsync(1);
        var missing = await bench.CallAsync("DescribeServices", """{"cluster":"dev","services":["web"]}""");
        Assert.Equal("MISSING", (string)Assert.Single(missing["failures"]!.AsArray())!["reason"]!);
        bench.Wait(300);
        var before = await bench.ServiceAsync();
        var answer = await bench.RollAsync();
        Assert.Equal(before["deployments"]!.ToJsonString(), (await bench.ServiceAsync())["deployments"]!.ToJsonString());
        Assert.Single((await bench.CallAsync("ListServiceDeployments", """{"cluster":"dev","service":"web"}"""))["serviceDeployments"]!.AsArray());
        bench.Wait(3);
        Assert.Equal((string)answer["service"]!["deployments"]![0]!["id"]!, (string)(await bench.ServiceAsync())["deployments"]![0]!["id"]!);
    }

    [Fact]
    public async Task What_is_not_there_is_a_failure_or_an_error_by_call()
    {
        using var bench = new Bench();
        Assert.Equal(("ClusterNotFoundException", "Cluster not found."), Said(await bench.FailAsync("DescribeServices", """{"cluster":"none","services":["a"]}""")));
        var clusters = await bench.CallAsync("DescribeClusters", """{"clusters":["none"]}""");
        Assert.Equal(("arn:aws:ecs:eu-west-1:222222222222:cluster/none", "MISSING"), ((string)clusters["failures"]![0]!["arn"]!, (string)clusters["failures"]![0]!["reason"]!));
        await bench.CallAsync("CreateCluster", """{"clusterName":"dev"}""");
        var services = await bench.CallAsync("DescribeServices", """{"cluster":"dev","services":["none"]}""");
        Assert.Equal("arn:aws:ecs:eu-west-1:222222222222:service/dev/none", (string)services["failures"]![0]!["arn"]!);
        Assert.Equal("ServiceNotFoundException", (await bench.FailAsync("UpdateService", """{"cluster":"dev","service":"none"}""")).Code);
        Assert.Equal("UnknownOperationException", (await bench.FailAsync("CreateDaemon", "{}")).Code);
    }

    [Theory]
    [InlineData("DescribeServices", "services", 10)]
    [InlineData("DescribeTasks", "tasks", 100)]
    [InlineData("DescribeServiceDeployments", "serviceDeploymentArns", 20)]
    public async Task Describing_has_the_documented_limits(string operation, string member, int most)
    {
        using var bench = new Bench();
        await bench.CallAsync("CreateCluster", """{"clusterName":"dev"}""");
        var items = Enumerable.Range(0, most + 1).Select(number => member == "serviceDeploymentArns" ? $"\"arn:aws:ecs:eu-west-1:222222222222:service-deployment/dev/web/{number}\"" : $"\"{number}\"").ToList();
        Assert.Equal(most, (await bench.CallAsync(operation, Input(most)))["failures"]!.AsArray().Count);
        Assert.Equal("InvalidParameterException", (await bench.FailAsync(operation, Input(most + 1))).Code);
        Assert.Equal("InvalidParameterException", (await bench.FailAsync(operation, Input(0))).Code);

        string Input(int count) => $$"""{"cluster":"dev","{{member}}":[{{string.Join(',', items.Take(count))}}]}""";
    }

    [Fact]
    public async Task Tags_are_added_replaced_and_removed()
    {
        using var bench = new Bench();
        await bench.SteadyAsync(1);
        const string Arn = "arn:aws:ecs:eu-west-1:222222222222:service/dev/web";
        await bench.CallAsync("TagResource", $$"""{"resourceArn":"{{Arn}}","tags":[{"key":"a","value":"1"},{"key":"b","value":"2"}]}""");
        await bench.CallAsync("TagResource", $$"""{"resourceArn":"{{Arn}}","tags":[{"key":"a","value":"3"}]}""");
        await bench.CallAsync("UntagResource", $$"""{"resourceArn":"{{Arn}}","tagKeys":["b"]}""");
        var tags = (await bench.CallAsync("ListTagsForResource", $$"""{"resourceArn":"{{Arn}}"}"""))["tags"]!;
        Assert.Equal("""[{"key":"a","value":"3"}]""", tags.ToJsonString());
        Assert.Equal("InvalidParameterException", (await bench.FailAsync("ListTagsForResource", """{"resourceArn":"arn:aws:ecs:eu-west-1:222222222222:service/dev/none"}""")).Code);
    }

    private static (string Code, string Message) Said(Sandbox.Wire.ApiException error) => (error.Code, error.Message);
}
