using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>PUBLISH_ARGS: what may stand there, in which form, and what is the pipe's own to say.</summary>
public sealed class PublishArgumentTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Several_target_frameworks_are_answered_with_how_to_choose_one_and_the_choice_may_be_one_line()
    {
        var project = SampleApps.Console(_temp, "app");
        await File.WriteAllTextAsync(project, (await File.ReadAllTextAsync(project, Token)).Replace("<TargetFramework>net10.0</TargetFramework>", "<TargetFrameworks>net10.0;net9.0</TargetFrameworks>", StringComparison.Ordinal), Token);

        var error = await Assert.ThrowsAsync<BuildException>(() => Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token));
        var app = await Sdk.PublishAsync(_temp, new ImageSource.Project(project) { PublishArguments = ["-f net10.0"] }, Token);

        Assert.Contains("Set PUBLISH_ARGS to the framework: '-f net10.0'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["dotnet", "/app/app.dll"], app.Facts.Start.AppCommand);
    }

    [Theory]
    [InlineData("-o elsewhere", "-o")]
    [InlineData("--output=elsewhere", "--output=elsewhere")]
    [InlineData("--configuration", "--configuration")]
    [InlineData("-c:Debug", "-c:Debug")]
    public async Task What_the_pipe_gives_dotnet_itself_is_refused_in_any_way_of_writing_it(string argument, string told)
    {
        var source = new ImageSource.Project(SampleApps.Console(_temp, "app")) { PublishArguments = [argument] };

        var error = await Assert.ThrowsAsync<BuildException>(() => Sdk.PublishAsync(_temp, source, Token));

        Assert.Equal($"PUBLISH_ARGS holds {told}, which the pipe sets itself (CONFIGURATION sets the configuration).", error.Message);
    }

    [Theory]
    [InlineData("-r linux-arm64")]
    [InlineData("--runtime=linux-arm64")]
    public async Task A_runtime_in_PUBLISH_ARGS_takes_the_place_of_the_pipes_own(string argument)
    {
        var source = new ImageSource.Project(SampleApps.Console(_temp, "app")) { Platforms = [Platform.Arm64], PublishArguments = [argument] };

        Assert.Equal("linux-arm64", (await Sdk.PublishAsync(_temp, source, Token)).Facts.RuntimeIdentifier);
    }

    [Fact]
    public async Task A_runtime_in_PUBLISH_ARGS_is_refused_where_two_platforms_are_wanted()
    {
        var source = new ImageSource.Project(SampleApps.Console(_temp, "app")) { Platforms = [Platform.Amd64, Platform.Arm64], PublishArguments = ["-r", "linux-x64"] };

        var error = await Assert.ThrowsAsync<BuildException>(() => Sdk.PublishAsync(_temp, source, Token));

        Assert.StartsWith("PUBLISH_ARGS holds -r, which is for one runtime, and PLATFORMS has 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switch_that_MSBuild_does_not_know_is_named()
    {
        var source = new ImageSource.Project(SampleApps.Console(_temp, "app")) { PublishArguments = ["-nonsense:1"] };

        var error = await Assert.ThrowsAsync<BuildException>(() => Sdk.PublishAsync(_temp, source, Token));

        Assert.Contains("-nonsense:1", error.Message, StringComparison.Ordinal);
    }
}
