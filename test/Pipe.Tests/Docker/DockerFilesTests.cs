using EcsDeploy;
using EcsDeploy.Docker;
using EcsDeploy.Settings;
using Pipe.Tests.Delivery;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>What DOCKERFILE and its options name in the clone is looked for before anybody is asked.</summary>
public sealed class DockerFilesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_is_not_in_the_clone_is_told_at_once_and_nobody_is_asked()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var source = new ImageSource.Dockerfile("nope/Dockerfile") { Context = "nope", Secrets = ["id=a,env=A", "id=b,src=nope.txt", "type=file,id=c,source=none"] };

        var failure = await Assert.ThrowsAsync<DockerException>(() => ScriptedDocker.Delivery(bench, "none").RunAsync(source, bench.Request("v1"), Token));

        Assert.Equal(ExitCode.Settings, failure.ExitCode);
        Assert.Equal(
            """
            DOCKERFILE is 'nope/Dockerfile': there is no such file in the clone.
            DOCKER_CONTEXT is 'nope': there is no such folder in the clone.
            DOCKER_SECRETS: the file that entry 2 names by src= is not in the clone.
            DOCKER_SECRETS: the file that entry 3 names by src= is not in the clone.
            """,
            failure.Message);
        Assert.Empty(bench.Sandbox.Requests);
    }

    [Theory]
    [InlineData("https://example.org/shop.git#main")]
    [InlineData("git@example.org:shop.git")]
    [InlineData("github.com/example/shop")]
    [InlineData(".")]
    [InlineData("src/")]
    public async Task A_context_elsewhere_is_Dockers_business(string context)
    {
        await using var bench = await DeliveryBench.StartAsync();
        Directory.CreateDirectory(Path.Combine(bench.Folder, "src"));
        // An environment variable, and what nobody but Docker reads.
        var source = DockerTrial.Context(bench, "FROM scratch\n") with { Context = context, Secrets = ["type=env,id=a,src=A", "\"id=b\",\"src=a,b\"", "id=file,src=file", "id=c"] };

        Assert.Empty(DockerFiles.Missing(source, bench.Folder));
    }
}
