using EcsDeploy.Names;
using EcsDeploy.Settings;
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

    // Build arguments and secrets are not shown: some people write values there.
    [Theory]
    [InlineData("DOCKER_BUILD_ARGS=A=1\n=x", "DOCKER_BUILD_ARGS: entry 2 has no name: it must be NAME=value, or NAME for a variable of the step.")]
    [InlineData("DOCKER_SECRETS=src=a", "DOCKER_SECRETS: entry 1 has no id=: it must be as id=npm,src=.npmrc or id=npm,env=NAME.")]
    [InlineData("DOCKER_SECRETS=id=a,src=a\nid=,env=A", "DOCKER_SECRETS: entry 2 has no id=: it must be as id=npm,src=.npmrc or id=npm,env=NAME.")]
    [InlineData("DOCKER_SECRETS=hunter2", "DOCKER_SECRETS: entry 1 has no id=: it must be as id=npm,src=.npmrc or id=npm,env=NAME.")]
    public void An_entry_that_Docker_could_not_read_is_told_by_its_place(string change, string fault) => Assert.Equal([fault], Given.With("DOCKERFILE=a", change).Faults());

    [Fact]
    public void Entries_as_Docker_reads_them_are_taken()
    {
        var source = Assert.IsType<ImageSource.Dockerfile>(Given.With("DOCKERFILE=a", "DOCKER_BUILD_ARGS=A=\nB", "DOCKER_SECRETS=type=file,ID=a,source=a\n\"id=b\",\"src=a,b\"\nid=c").Read().Source);

        Assert.Equal((2, 3), (source.BuildArguments.Count, source.Secrets.Count));
    }
}
