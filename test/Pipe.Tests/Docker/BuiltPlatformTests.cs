using EcsDeploy;
using EcsDeploy.Docker;
using EcsDeploy.Names;
using Pipe.Tests.Delivery;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>What Docker built is pushed only when it is for the platform that is wanted: builders take a base and a cache that are for another.</summary>
public sealed class BuiltPlatformTests(RealEngine engine) : IClassFixture<RealEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> CommandLines => RealDockerTests.CommandLines;

    // The classic builder's cache knows no platform.
    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task One_Dockerfile_gives_an_image_for_each_platform_that_is_wanted(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var source = DockerTrial.Context(bench, $"FROM scratch\nCOPY file /file\nLABEL of={bench.Folder}\nENTRYPOINT [\"/file\"]\n");

        foreach (var (tag, platform) in ((string, Platform)[])[("v1", Platform.Amd64), ("v2", Platform.Arm64), ("v3", Platform.Amd64)])
        {
            var image = await DockerTrial.Delivery(engine, bench, program).RunAsync(source, bench.Request(tag) with { Platforms = [platform] }, Token);

            Assert.Equal(platform, (await DockerTrial.ReadAsync(bench, tag)).Configuration.Platform);
            Assert.All(image.Layers, layer => Assert.Equal(platform, layer.Platform));
        }
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_base_for_another_platform_that_Docker_has_already_is_told_before_anything_is_pushed(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var source = DockerTrial.Context(bench, "FROM scratch\nCOPY file /file\n");
        Assert.SkipWhen(engine.Host is null, "There is no Docker engine: it needs root and Debian's docker.io.");
        await engine.RunAsync(bench.Folder, "build", "--platform", "linux/arm64", "--tag", "elsewhere:1", bench.Folder);
        DockerTrial.Context(bench, "FROM elsewhere:1\nCOPY file /again\n");

        var failure = await Assert.ThrowsAsync<DockerException>(() => DockerTrial.Delivery(engine, bench, program).RunAsync(source, bench.Request("v1"), Token));

        Assert.Equal(ExitCode.Build, failure.ExitCode);
        // BuildKit looks for one elsewhere instead.
        var told = program == RealEngine.CommandLines[0] ? "elsewhere:1" : "The image that Docker built from Dockerfile is for linux/arm64, and linux/amd64 is wanted.";
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
        Assert.Null(await bench.Ecr.FindImageAsync("v1", Token));
    }

    [Theory]
    [InlineData("linux/arm64", "The image that Docker built from Dockerfile is for linux/arm64, and linux/amd64 is wanted. Set PLATFORMS to linux/arm64 if that is what the tasks run on;")]
    [InlineData("linux/s390x", "The image that Docker built from Dockerfile is for linux/s390x; it must be for linux/amd64 or linux/arm64;")]
    public async Task An_image_that_was_built_for_another_platform_is_not_pushed(string platform, string message)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var source = DockerTrial.Context(bench, "FROM scratch\n");

        var failure = await Assert.ThrowsAsync<DockerException>(() => ScriptedDocker.Delivery(bench, "none", platform).RunAsync(source, bench.Request("v1"), Token));

        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }
}
