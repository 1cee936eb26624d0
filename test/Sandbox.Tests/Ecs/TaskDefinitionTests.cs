using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>Task definitions; sources: RegisterTaskDefinition, DescribeTaskDefinition, DeregisterTaskDefinition in the ECS model, ecs.md §5, authorization.md §5.1.</summary>
public sealed class TaskDefinitionTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("\"cpu\":\"256\",\"memory\":\"512\"", null)]
    [InlineData("\"cpu\":\"1 vCPU\",\"memory\":\"2GB\"", null)]
    [InlineData("\"cpu\":\".5 vcpu\",\"memory\":\"4 GB\"", null)]
    [InlineData("\"cpu\":\"256\",\"memory\":\"4096\"", "No Fargate configuration exists for given values.")]
    [InlineData("\"cpu\":\"8192\",\"memory\":\"20480\"", null)]
    [InlineData("\"cpu\":\"8192\",\"memory\":\"21504\"", "No Fargate configuration exists for given values.")]
    [InlineData("\"cpu\":\"much\",\"memory\":\"512\"", "Invalid 'cpu' setting for task.")]
    [InlineData("\"memory\":\"512\"", "Fargate requires that 'cpu' be defined at the task level.")]
    [InlineData("\"cpu\":\"256\"", "Fargate requires that 'memory' be defined at the task level.")]
    public async Task Fargate_has_certain_pairs_of_cpu_and_memory(string size, string? refusal) =>
        await TryAsync(Bench.Definition().Replace("\"cpu\":\"256\",\"memory\":\"512\"", size, StringComparison.Ordinal), refusal);

    [Theory]
    [InlineData("\"networkMode\":\"awsvpc\",", "", "Fargate only supports network mode ‘awsvpc’.")]
    [InlineData("\"executionRoleArn\":\"arn:aws:iam::222222222222:role/task-execution\",", "", "Fargate requires task definition to have execution role ARN to support ECR images.")]
    [InlineData("\"executionRoleArn\":\"arn:aws:iam::222222222222:role/task-execution\"", "\"executionRoleArn\":\"\"", "Role is not valid")]
    [InlineData("\"executionRoleArn\":\"arn:aws:iam::222222222222:role/task-execution\"", "\"executionRoleArn\":\"task-execution\"", null)]
    [InlineData("\"family\":\"web\"", "\"family\":\"we b\"", "Family contains invalid characters.")]
    [InlineData("shop:1", "shop 1", "Container.image contains invalid characters.")]
    [InlineData("shop:1", "shop:1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", null)]
    [InlineData("\"containerPort\":8080", "\"containerPort\":8080,\"hostPort\":80", "When networkMode=awsvpc, the host ports and container ports in port mappings must match.")]
    [InlineData("\"portMappings\"", "\"essential\":false,\"portMappings\"", "At least one container should be essential.")]
    public async Task What_the_model_cannot_say_is_checked(string part, string instead, string? refusal) =>
        await TryAsync(Bench.Definition().Replace(part, instead, StringComparison.Ordinal), refusal);

    [Fact]
    public async Task Two_containers_of_one_name_are_refused()
    {
        var definition = Bench.Parse(Bench.Definition());
        var containers = definition["containerDefinitions"]!.AsArray();
        containers.Add(containers[0]!.DeepClone());
        await TryAsync(definition.ToJsonString(), "Container name 'web' is used more than once.");
    }

    [Fact]
    public async Task On_Fargate_awslogs_needs_an_execution_role_and_secrets_need_one_everywhere()
    {
        var bare = Bench.Definition(image: "nginx").Replace($"\"executionRoleArn\":\"{Bench.Role}\",", "", StringComparison.Ordinal);
        await TryAsync(bare, null);
        await TryAsync(
            bare.Replace("\"name\":\"web\"", "\"name\":\"web\",\"logConfiguration\":{\"logDriver\":\"awslogs\"}", StringComparison.Ordinal),
            "Fargate requires task definition to have execution role ARN to support log driver awslogs.");
        await TryAsync(
            bare.Replace("\"name\":\"web\"", "\"name\":\"web\",\"secrets\":[{\"name\":\"A\",\"valueFrom\":\"a\"}]", StringComparison.Ordinal),
            "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.");
    }

    [Fact]
    public async Task On_EC2_a_container_needs_some_memory()
    {
        await TryAsync("""{"family":"a","containerDefinitions":[{"name":"web","image":"nginx"}]}""", "Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.");
        await TryAsync("""{"family":"a","containerDefinitions":[{"name":"web","image":"nginx","memoryReservation":64}]}""", null);
    }

    [Fact]
    public async Task Unknown_members_survive_and_defaults_are_added()
    {
        await _bench.CallAsync("RegisterTaskDefinition", Bench.Definition(more: ""","newThing":{"a":[1,null]}""").Replace("{\"family\"", "{\"tomorrow\":true,\"family\"", StringComparison.Ordinal));
        var definition = (await _bench.CallAsync("DescribeTaskDefinition", """{"taskDefinition":"web"}"""))["taskDefinition"]!;
        Assert.True((bool)definition["tomorrow"]!);
        Assert.Equal("""{"a":[1]}""", definition["containerDefinitions"]![0]!["newThing"]!.ToJsonString());
        Assert.Equal(8080, (int)definition["containerDefinitions"]![0]!["portMappings"]![0]!["hostPort"]!);
        Assert.False((bool)definition["enableFaultInjection"]!);
        Assert.Equal(0, (int)definition["containerDefinitions"]![0]!["cpu"]!);
        Assert.Contains("FARGATE", definition["compatibilities"]!.AsArray().Select(item => (string)item!));
    }

    [Fact]
    public async Task A_definition_is_found_by_family_revision_and_ARN()
    {
        await _bench.CallAsync("RegisterTaskDefinition", Bench.Definition());
        var second = await _bench.CallAsync("RegisterTaskDefinition", Bench.Definition());
        var arn = (string)second["taskDefinition"]!["taskDefinitionArn"]!;
        foreach (var reference in new[] { "web", "web:2", arn })
        {
            Assert.Equal(arn, (string)(await _bench.CallAsync("DescribeTaskDefinition", $$"""{"taskDefinition":"{{reference}}"}"""))["taskDefinition"]!["taskDefinitionArn"]!);
        }

        Assert.Equal(("ClientException", "Unable to describe task definition."), Said(await _bench.FailAsync("DescribeTaskDefinition", """{"taskDefinition":"web:9"}""")));
    }

    [Fact]
    public async Task Tags_are_answered_only_when_asked_for()
    {
        await _bench.CallAsync("RegisterTaskDefinition", Bench.Definition().Replace("{\"family\"", "{\"tags\":[{\"key\":\"commit\",\"value\":\"1\"}],\"family\"", StringComparison.Ordinal));
        Assert.Null((await _bench.CallAsync("DescribeTaskDefinition", """{"taskDefinition":"web"}"""))["tags"]);
        Assert.Single((await _bench.CallAsync("DescribeTaskDefinition", """{"taskDefinition":"web","include":["TAGS"]}"""))["tags"]!.AsArray());
    }

    [Fact]
    public async Task An_inactive_definition_serves_on_and_takes_nothing_new()
    {
        await _bench.SteadyAsync(1);
        await _bench.RollAsync();
        _bench.Wait(200);
        await _bench.CallAsync("DeregisterTaskDefinition", """{"taskDefinition":"web:1"}""");
        await _bench.CallAsync("DeregisterTaskDefinition", """{"taskDefinition":"web:2"}""");
        await _bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","desiredCount":2}""");
        _bench.Wait(60);
        Assert.Equal(2, (await _bench.TasksAsync()).Count);

        Assert.Equal(("ClientException", "TaskDefinition is inactive"), Said(await _bench.FailAsync("UpdateService", """{"cluster":"dev","service":"web","taskDefinition":"web:1"}""")));
        Assert.Equal("INACTIVE", (string)(await _bench.CallAsync("DescribeTaskDefinition", """{"taskDefinition":"web:1"}"""))["taskDefinition"]!["status"]!);
        Assert.Empty((await _bench.CallAsync("ListTaskDefinitions", "{}"))["taskDefinitionArns"]!.AsArray());
        Assert.Equal(2, (await _bench.CallAsync("ListTaskDefinitions", """{"status":"INACTIVE"}"""))["taskDefinitionArns"]!.AsArray().Count);
        Assert.Empty((await _bench.CallAsync("ListTaskDefinitionFamilies", "{}"))["families"]!.AsArray());
    }

    [Fact]
    public async Task Revisions_are_numbers_and_listed_as_such()
    {
        for (var revision = 1; revision <= 11; revision++)
        {
            await _bench.CallAsync("RegisterTaskDefinition", Bench.Definition());
        }

        var newest = await _bench.CallAsync("ListTaskDefinitions", """{"familyPrefix":"web","sort":"DESC","maxResults":2}""");
        Assert.Equal([":11", ":10"], newest["taskDefinitionArns"]!.AsArray().Select(arn => ((string)arn!)[^3..]));
    }

    private static (string Code, string Message) Said(Sandbox.Wire.ApiException error) => (error.Code, error.Message);

    private async Task TryAsync(string definition, string? refusal)
    {
        if (refusal is null)
        {
            Assert.NotNull((await _bench.CallAsync("RegisterTaskDefinition", definition))["taskDefinition"]);
        }
        else
        {
            Assert.Equal(("ClientException", refusal), Said(await _bench.FailAsync("RegisterTaskDefinition", definition)));
        }
    }
}
