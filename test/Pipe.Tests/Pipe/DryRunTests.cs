using EcsDeploy;
using Sandbox.Ecs.Engine;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>DRY_RUN finds what a real run would stumble over, and says what it would do.</summary>
public sealed class DryRunTests
{
    private static readonly (string, string?) Dry = ("DRY_RUN", "true");

    [Fact]
    public async Task A_repository_that_is_missing()
    {
        await using var run = await PipeRun.StartAsync();

        Assert.Equal(ExitCode.Settings, await run.DeployAsync(Dry, ("ECR_REPOSITORY", Step.Repository + "per")));
        run.AssertRefused("The repository 'shopper' does not exist");

        Assert.Equal(ExitCode.Done, await run.DeployAsync(Dry, ("ECR_REPOSITORY", Step.Repository + "per"), ("ECR_CREATE", "true")));
        run.AssertRefused("Create the repository 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shopper");
    }

    [Theory]
    [InlineData("PUBLISH_DIR", "nowhere", "PUBLISH_DIR is 'nowhere': there is no such folder in the clone")]
    [InlineData("DOCKERFILE", "docker/Dockerfile", "DOCKERFILE is 'docker/Dockerfile': there is no such file in the clone")]
    [InlineData("IMAGE_ARCHIVE", "image.tar", "IMAGE_ARCHIVE is 'image.tar': there is no such archive in the clone")]
    [InlineData("PROJECT", "src/Shop", "PROJECT is 'src/Shop': there is neither a file nor a folder of that name in the clone")]
    public async Task A_source_that_is_missing(string variable, string path, string said)
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(Dry, ("PUBLISH_DIR", null), ("BASE_IMAGE", null), (variable, path));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused(said);
    }

    [Fact]
    public async Task Two_web_projects_of_which_none_was_named()
    {
        await using var run = await PipeRun.StartAsync();
        foreach (var name in new[] { "Shop", "Admin" })
        {
            Directory.CreateDirectory(Path.Combine(run.Clone, name));
            await File.WriteAllTextAsync(Path.Combine(run.Clone, name, $"{name}.csproj"), """<Project Sdk="Microsoft.NET.Sdk.Web" />""", TestContext.Current.CancellationToken);
        }

        var exit = await run.DeployAsync(Dry, ("PUBLISH_DIR", null));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("The clone has 2 web projects. Set PROJECT");
    }

    [Fact]
    public async Task Tasks_force_and_a_rollout_under_way_are_told()
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromMinutes(5) }));
        await run.DeployAsync(("WAIT", "false"));

        var exit = await run.DeployAsync(Dry, ("BEFORE_DEPLOY", "migrate\nall"), ("AFTER_DEPLOY", "smoke"), ("AFTER_DEPLOY_ENTRY_POINT", "/bin/sh"), ("FORCE_NEW_DEPLOYMENT", "true"));

        Assert.Equal(ExitCode.Done, exit);
        run.AssertRefused(
            "Run a task before the rollout of service shop, container shop of the new revision: (the entry point) migrate all",
            "Run a task after the rollout of service shop, container shop of the new revision: /bin/sh smoke",
            "FORCE_NEW_DEPLOYMENT is set",
            "A rollout is under way on service shop: shop:2");
    }

    [Fact]
    public async Task A_repository_that_may_not_be_read_is_only_warned_about()
    {
        await using var run = await PipeRun.StartAsync(world => world.Without(DefaultWorld.Registry, "ecr-push", "ecr:BatchGetImage"));

        Assert.Equal(ExitCode.Done, await run.DeployAsync(Dry));
        run.AssertRefused("Whether the repository 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop is there cannot be read.", "ecr:BatchGetImage");
    }

    [Fact]
    public async Task Another_count_is_told()
    {
        await using var run = await PipeRun.StartAsync();
        await File.WriteAllTextAsync(
            Path.Combine(run.Clone, "ecs-deploy.yml"), "services:\n  shop: { desired-count: 4 }\nenvironments:\n  dev: { cluster: dev }\n", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Done, await run.DeployAsync(Dry, ("SERVICE_NAME", null), ("SERVICES", "shop")));
        run.AssertRefused("Set the desired count of service shop from 1 to 4");

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("SERVICE_NAME", null), ("SERVICES", "shop")));
        Assert.Contains("Updating service shop in cluster dev to shop:2, and to 4 tasks instead of 1.", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_the_build_will_tell_is_not_stated_as_a_fact()
    {
        await using var run = await PipeRun.StartAsync();

        Assert.Equal(ExitCode.Done, await run.DeployAsync(Dry));

        run.AssertRefused(
            "Lay the published folder published into an image, and push it to 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop with the tags",
            "roll service shop in cluster dev to it, unless the build makes the image that runs already");
    }

    [Fact]
    public async Task Another_revision_of_the_same_content_is_called_by_its_name()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync(("SET_ENV_VARS", "A=1"));
        await run.DeployAsync(("SET_ENV_VARS", "A=2"));
        await run.DeployAsync(("SET_ENV_VARS", "A=1"));

        Assert.Equal(ExitCode.Done, await run.DeployAsync(Dry, ("TASK_DEFINITION", "shop:2")));

        run.AssertRefused("shop: shop:2 is as shop:4, which runs");
        Assert.DoesNotContain("stays", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_that_runs_as_it_is_depends_on_the_image_that_is_not_made_yet()
    {
        await using var run = await PipeRun.StartAsync();

        Assert.Equal(ExitCode.Done, await run.DeployAsync(Dry, ("TASK_DEFINITION", "shop:1")));
        run.AssertRefused("to shop:1, which is there, if it has the image that the build makes");
        Assert.DoesNotContain("nothing to do", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promotion_of_what_runs_is_said_to_be_nothing_to_do()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        await run.PromoteAsync(("IMAGE", "from:dev"));

        var exit = await run.PromoteAsync(("IMAGE", "from:dev"), Dry);

        Assert.Equal(ExitCode.Done, exit);
        run.AssertRefused("Service shop: nothing to do");
        Assert.DoesNotContain("Roll service", run.Log, StringComparison.Ordinal);
    }
}
