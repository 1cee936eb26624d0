using EcsDeploy.Docker;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>Which builder is taken, and what it is told.</summary>
public sealed class DockerBuildTests
{
    private static readonly ImageSource.Dockerfile Source = new("src/Dockerfile");

    [Theory]
    // Bitbucket's mounted command line.
    [InlineData("20.10.24", false, true)]
    [InlineData("28.2.2", true, true)]
    // "buildx component is missing or broken" is what it would say.
    [InlineData("28.2.2", false, false)]
    public void BuildKit_is_used_where_command_line_and_plugin_can(string client, bool buildx, bool buildKit)
    {
        var build = DockerBuild.Of(Engine(client) with { HasBuildx = buildx }, Source, "shop:1", Platform.Amd64);

        Assert.Equal(buildKit ? "1" : "0", build.Variables["DOCKER_BUILDKIT"]);
        Assert.Equal(buildKit, build.Arguments.Contains("--progress"));
    }

    [Fact]
    public void Everything_that_was_asked_reaches_Docker()
    {
        var source = Source with { Context = "src", Target = "final", BuildArguments = ["A=1 2"], Secrets = ["id=nuget,src=nuget.config"], CacheFrom = ["shop:cache"] };

        var build = DockerBuild.Of(Engine("20.10.24"), source, "shop:1", Platform.Amd64);

        Assert.Equal(
            "build --file src/Dockerfile --tag shop:1 --label dotnet-ecs-deploy.dockerfile=src/Dockerfile src final --target final --build-arg A=1 2 --secret id=nuget,src=nuget.config --cache-from shop:cache --progress plain src",
            string.Join(' ', build.Arguments));
    }

    // Bitbucket's authorization plugin refuses --platform (run-docker-commands).
    [Fact]
    public void The_platform_is_named_only_where_the_engine_has_another()
    {
        Assert.DoesNotContain("--platform", DockerBuild.Of(Engine("20.10.24"), Source, "shop:1", Platform.Amd64).Arguments);
        Assert.Contains("linux/arm64", DockerBuild.Of(Engine("20.10.24"), Source, "shop:1", Platform.Arm64).Arguments);
    }

    [Fact]
    public void Secrets_without_BuildKit_are_refused()
    {
        var failure = Assert.Throws<DockerException>(() => DockerBuild.Of(Engine("28.2.2"), Source with { Secrets = ["id=a,src=b"] }, "shop:1", Platform.Amd64));

        Assert.Contains("DOCKER_SECRETS needs BuildKit", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Client":{"Version":"20.10.24"},"Server":{"Version":"20.10.24","Arch":"amd64"}}""", true)]
    [InlineData("""{"Client":{"Version":"28.2.2"},"Server":null}""", false)]
    [InlineData("{ not json", false)]
    [InlineData("", false)]
    public void An_engine_is_there_only_when_it_answers(string line, bool there) => Assert.Equal(there, DockerEngine.Parse("docker", [line]) is not null);

    private static DockerEngine Engine(string client) => new() { Program = "docker", ClientVersion = client, ServerVersion = "20.10.24", Architecture = "amd64" };
}
