using EcsDeploy.Docker;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Pipe.Tests.Delivery;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>IMAGE_NAME takes an image for the platform that is wanted, and for no other.</summary>
public sealed class DockerImageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_for_arm64_is_pushed_where_PLATFORMS_wants_it()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var ours = await ScriptedDocker.PutAsync(bench, "arm", "v1", "arm64");

        var image = await ScriptedDocker.Delivery(bench, ours, "linux/arm64").RunAsync(
            new ImageSource.DockerImage("armed:1"), bench.Request("v1") with { Platforms = [Platform.Arm64] }, Token);

        Assert.Equal(ours, image.Digest.Text);
        Assert.Equal(Platform.Arm64, Assert.Single(image.Layers).Platform);
    }

    [Theory]
    [InlineData("linux/arm64", "The image armed:1 is for linux/arm64, and linux/amd64 is wanted. Set PLATFORMS to linux/arm64 if that is what the tasks run on.")]
    [InlineData("linux/s390x", "The image armed:1 is for linux/s390x; it must be for linux/amd64 or linux/arm64.")]
    public async Task An_image_for_another_platform_is_refused_with_what_to_set(string platform, string message)
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<DockerException>(() =>
            ScriptedDocker.Delivery(bench, "none", platform).RunAsync(new ImageSource.DockerImage("armed:1"), bench.Request("v1"), Token));

        Assert.Equal(message, failure.Message);
    }
}
