using EcsDeploy.Images;
using EcsDeploy.Names;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>Which of its runtimes a project is published for.</summary>
public sealed class RuntimeChoiceTests
{
    [Theory]
    [InlineData("", "", "", "linux-arm64")]
    [InlineData("linux-musl-x64", "", "", "linux-musl-arm64")]
    [InlineData("linux-x64", "", "linux-musl-arm64", "linux-arm64")]
    [InlineData("", "", "linux-x64;linux-arm64", "linux-arm64")]
    [InlineData("", "", "linux-x64; linux-musl-x64", "linux-arm64")]
    [InlineData("", "", "linux-musl-x64;linux-arm64;linux-musl-arm64", "linux-arm64")]
    [InlineData("", "", "linux-x64;linux-musl-arm64", "linux-musl-arm64")]
    [InlineData("", "", "win-x64;linux-musl-x64", "linux-musl-arm64")]
    [InlineData("", "linux-musl-x64;linux-musl-arm64", "linux-x64;linux-arm64", "linux-musl-arm64")]
    [InlineData("", "linux-arm64", "linux-musl-x64;linux-musl-arm64", "linux-arm64")]
    public void Of_those_that_it_lists_glibcs_unless_there_is_only_musls(string one, string container, string all, string chosen)
    {
        var answer = $$$"""
            warning: something
            {"Properties":{"RuntimeIdentifier":"{{{one}}}","RuntimeIdentifiers":"{{{all}}}","ContainerRuntimeIdentifiers":"{{{container}}}"}}
            """;

        Assert.Equal(chosen, RuntimeChoice.Of(answer, Platform.Arm64));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MSB1009: the project does not exist")]
    [InlineData("{ broken")]
    public void A_project_that_does_not_tell_is_published_for_glibc(string answer) => Assert.Equal("linux-x64", RuntimeChoice.Of(answer, Platform.Amd64));
}
