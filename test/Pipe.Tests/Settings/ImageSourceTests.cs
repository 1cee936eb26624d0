using EcsDeploy.Names;
using Xunit;

namespace Pipe.Tests.Settings;

/// <summary>What goes with an image that Docker has or builds.</summary>
public sealed class ImageSourceTests
{
    [Theory]
    [InlineData("IMAGE_NAME=shop:1")]
    [InlineData("DOCKERFILE=Dockerfile")]
    public void What_Docker_makes_is_for_the_one_platform_that_is_wanted(string source)
    {
        Assert.Equal([Platform.Arm64], Given.With(source, "PLATFORMS=linux/arm64").Read().Source!.Platforms);
        Assert.Equal(
            [$"PLATFORMS has 2 entries, but {source.Split('=')[0]} takes one: Docker has one image at a time here. Name one, or build from PROJECT, which makes an index of both."],
            Given.With(source, "PLATFORMS=linux/amd64,linux/arm64").Faults());
    }

    [Fact]
    public void An_archive_is_for_what_it_says_itself() => Assert.Equal(
        ["PLATFORMS is set, but means nothing for IMAGE_ARCHIVE; it goes with PROJECT or PUBLISH_DIR or DOCKERFILE or IMAGE_NAME."],
        Given.With("IMAGE_ARCHIVE=image.tar", "PLATFORMS=linux/arm64").Faults());

    // Docker would take it for an option, and a single hyphen for its standard input.
    [Theory]
    [InlineData("IMAGE_NAME=--help", "IMAGE_NAME is '--help'. It must be an image's name, which never begins with a hyphen.")]
    [InlineData("DOCKERFILE=-", "DOCKERFILE is '-'. It must be the path of a file (./-name where its name begins with a hyphen).")]
    [InlineData("DOCKERFILE=a\nDOCKER_CONTEXT=--help", "DOCKER_CONTEXT is '--help'. It must be a folder or an address (./-name where its name begins with a hyphen).")]
    [InlineData("DOCKERFILE=a\nDOCKER_CONTEXT=-", "DOCKER_CONTEXT is '-'. It must be a folder or an address (./-name where its name begins with a hyphen).")]
    public void What_Docker_would_take_for_an_option_is_refused(string changes, string fault) => Assert.Equal([fault], Given.With(changes.Split('\n')).Faults());
}
