using EcsDeploy;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>What is not there, or may not be touched, is found before anything is changed, and told with what is there.</summary>
public sealed class MissingThingsTests
{
    [Fact]
    public async Task A_base_image_whose_registry_cannot_be_reached()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("BASE_IMAGE", "registry.invalid/dotnet/aspnet:10.0"));

        Assert.Equal(ExitCode.Push, exit);
        run.AssertRefused(
            "The base image registry.invalid/dotnet/aspnet:10.0 cannot be read: GET https://registry.invalid/v2/dotnet/aspnet/manifests/10.0 got no answer: ",
            ". Look whether the step reaches registry.invalid (HTTPS_PROXY), or name a copy of the image in BASE_IMAGE.",
            ". Trying again in 0.5 s.");
    }

    [Fact]
    public async Task A_repository_that_does_not_exist()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("ECR_REPOSITORY", Step.Repository + "per"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("The repository 'shopper' does not exist in the registry of account 111111111111 in eu-west-1. Correct ECR_REPOSITORY or, with ACTION deploy or push, set ECR_CREATE to true to have it created.");
    }

    [Fact]
    public async Task A_repository_that_does_not_exist_is_created_where_that_was_asked_for()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(
            ("ACTION", "push"), ("ECR_REPOSITORY", Step.Repository + "per"), ("ECR_CREATE", "true"), ("CLUSTER_NAME", null), ("SERVICE_NAME", null), ("CONTAINER_NAME", null));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Single(run.Changes, change => change.StartsWith("ecr:CreateRepository", StringComparison.Ordinal));
        Assert.Contains($"Pushed {Step.Repository}per@sha256:", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_push()
    {
        await using var run = await PipeRun.StartAsync(world => world.Without(DefaultWorld.Registry, "ecr-push", "ecr:InitiateLayerUpload"));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("ecr:InitiateLayerUpload", "arn:aws:ecr:eu-west-1:111111111111:repository/shop", "ecr-push");
    }

    [Fact]
    public async Task A_service_in_another_region()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("AWS_DEFAULT_REGION", "eu-central-1"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("Cluster 'dev' is not in region eu-central-1", "AWS_DEFAULT_REGION");
    }

    [Fact]
    public async Task A_wrong_cluster_is_answered_with_those_that_exist()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("CLUSTER_NAME", "devv"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("Cluster 'devv' is not in region eu-west-1. The clusters there: dev");
    }

    [Fact]
    public async Task A_wrong_service_is_answered_with_those_that_exist()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker"));

        var exit = await run.DeployAsync(("SERVICE_NAME", "shopp"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("'shopp'", "cluster 'dev'", "shop, worker");
    }

    [Fact]
    public async Task All_wrong_services_are_told_at_once()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker"));

        var exit = await run.DeployAsync(("SERVICE_NAME", "shpo worker api2"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("Services 'shpo', 'api2' are not in cluster 'dev' of region eu-west-1. The services there: shop, worker.");
    }

    [Fact]
    public async Task A_region_that_was_taken_from_the_repository_is_told_as_that()
    {
        await using var run = await PipeRun.StartAsync();

        await run.DeployAsync(("CLUSTER_NAME", "devv"));
        run.AssertRefused("Check CLUSTER_NAME, AWS_DEFAULT_REGION (it is not set, and eu-west-1 is the region of ECR_REPOSITORY) and the role's account.");

        await run.DeployAsync(("CLUSTER_NAME", "devv"), ("AWS_DEFAULT_REGION", "eu-west-1"));
        run.AssertRefused("Check CLUSTER_NAME, AWS_DEFAULT_REGION and the role's account.");
    }

    [Theory]
    [InlineData("shop:99", "The newest revisions of family shop there: shop:1.")]
    [InlineData("shopp:1", "The families there: shop.")]
    [InlineData("family:shopp", "The families there: shop.")]
    public async Task A_wrong_task_definition_is_answered_with_those_that_exist(string definition, string said)
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("TASK_DEFINITION", definition));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("cannot be described", said, "Check TASK_DEFINITION.");
    }

    [Fact]
    public async Task A_wrong_container_is_answered_with_those_that_exist()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("CONTAINER_NAME", "web"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("'web'", "shop", "CONTAINER_NAME");
    }

    [Fact]
    public async Task A_task_definition_file_that_is_not_there()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("TASK_DEFINITION", "ecs/shop.json"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("TASK_DEFINITION is 'ecs/shop.json'", run.Clone, "there is no such file");
    }

    [Fact]
    public async Task A_role_that_may_not_look_at_services()
    {
        await using var run = await PipeRun.StartAsync(world => world.Without(DefaultWorld.Dev, "deploy", "ecs:DescribeServices"));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("Allow ecs:DescribeServices on arn:aws:ecs:eu-west-1:222222222222:service/dev/shop");
    }

    [Theory]
    [InlineData("ecs:RegisterTaskDefinition", "ecs:RegisterTaskDefinition on arn:aws:ecs:eu-west-1:222222222222:task-definition/")]
    [InlineData("ecs:UpdateService", "ecs:UpdateService on arn:aws:ecs:eu-west-1:222222222222:service/dev/shop")]
    [InlineData("iam:PassRole", "iam:PassRole on arn:aws:iam::222222222222:role/task")]
    public async Task A_role_that_may_not_roll(string action, string said)
    {
        await using var run = await PipeRun.StartAsync(world => world.Without(DefaultWorld.Dev, "deploy", action));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Access, exit);
        Assert.Contains("Allow " + said, run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Changes, change => change.StartsWith("ecs:UpdateService", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_of_another_deployment_controller()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithService("\"desiredCount\"", "\"deploymentController\":{\"type\":\"EXTERNAL\"},\"desiredCount\""));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("EXTERNAL");
    }

    [Fact]
    public async Task A_tag_on_another_digest_of_an_immutable_repository()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Mutability = "IMMUTABLE" }));
        await run.DeployAsync(("TAGS", "v1"));
        run.Publish("2.0");

        var exit = await run.DeployAsync(("TAGS", "v1"));

        Assert.Equal(ExitCode.Push, exit);
        Assert.Contains("The tag 'v1'", run.Log, StringComparison.Ordinal);
        Assert.Contains("immutable", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Changes, change => change.StartsWith("ecs:", StringComparison.Ordinal) || change.StartsWith("ecr:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tag_that_is_to_be_promoted_and_is_not_there()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.PromoteAsync(("IMAGE", "v7"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("v7", Step.Repository);
    }

    [Fact]
    public async Task A_task_definition_that_ECS_does_not_take()
    {
        await using var run = await PipeRun.StartAsync();
        await File.WriteAllTextAsync(
            Path.Combine(run.Clone, "shop.json"),
            """{"family":"shop","requiresCompatibilities":["FARGATE"],"networkMode":"awsvpc","cpu":"257","memory":"512","executionRoleArn":"arn:aws:iam::222222222222:role/task-execution","containerDefinitions":[{"name":"shop","image":"x"}]}""",
            TestContext.Current.CancellationToken);

        var exit = await run.DeployAsync(("TASK_DEFINITION", "shop.json"));

        Assert.Equal(ExitCode.Settings, exit);
        Assert.Contains("ECS does not take the new revision of task definition 'shop'", run.Log, StringComparison.Ordinal);
        Assert.Contains("Check what TASK_DEFINITION names", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Changes, change => change.StartsWith("ecs:", StringComparison.Ordinal));
    }
}
