using EcsDeploy;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Base images and archives that are not there or may not be read: told as what they are, before anything is changed.</summary>
public sealed class MissingImagesTests
{
    [Theory]
    [InlineData("base/aspnet:9.9")]
    [InlineData("base/runtime:10.0")]
    public async Task A_base_image_or_its_repository_that_is_not_there(string image)
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("BASE_IMAGE", Step.Repository.Replace("/shop", $"/{image}", StringComparison.Ordinal)));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused($"The base image 111111111111.dkr.ecr.eu-west-1.amazonaws.com/{image} is not there", "Correct BASE_IMAGE.");
        Assert.DoesNotContain("ECR_CREATE", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_image_whose_login_is_wrong_is_not_laid_upon_the_push()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("BASE_IMAGE_USERNAME", "reader"), ("BASE_IMAGE_PASSWORD", "hunter2-hunter2"));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("/base/aspnet:10.0 may not be read", "The login of BASE_IMAGE_USERNAME ('reader') and BASE_IMAGE_PASSWORD was used");
        Assert.DoesNotContain("A push needs", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_image_that_is_no_name()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("BASE_IMAGE", "a b"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("BASE_IMAGE is 'a b'. It must be an image such as");
    }

    [Fact]
    public async Task A_base_image_that_the_role_may_not_read()
    {
        await using var run = await PipeRun.StartAsync(world => world.Without(DefaultWorld.Registry, "ecr-push", "ecr:BatchGetImage"));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("/base/aspnet:10.0 may not be read", "Allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the repository base/aspnet of account 111111111111");
    }

    [Fact]
    public async Task An_archive_that_is_not_there()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("PUBLISH_DIR", null), ("BASE_IMAGE", null), ("IMAGE_ARCHIVE", "image.tar"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("IMAGE_ARCHIVE is '", "there is no such file");
    }
}
