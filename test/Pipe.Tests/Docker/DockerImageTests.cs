using EcsDeploy.Docker;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Pipe.Tests.Delivery;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>IMAGE_NAME takes an image for the platform that is wanted, and tells what Docker did.</summary>
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

    // With containerd's store Docker names a layer by what is sent, else by what is in it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_became_of_each_layer_is_what_Docker_says(bool containerd)
    {
        await using var bench = await DeliveryBench.StartAsync();
        byte[][] layers = [ArchiveSeed.Tar("base"), ArchiveSeed.Tar("there"), ArchiveSeed.Tar("new")];
        var ours = await ScriptedDocker.PutAsync(bench, ArchiveSeed.Layout(layers), "mine");
        var names = layers.Select(layer => Digest.Of(containerd ? ArchiveSeed.Gzip(layer) : layer).Hex[..12]).ToList();
        string[] says = [$"{names[2]}: Preparing", $"{names[1]}: Layer already exists", $"{names[0]}: Mounted from base/aspnet", $"{names[2]}: Pushed"];

        var image = await ScriptedDocker.Delivery(bench, ours, layers: [.. layers.Select(layer => Digest.Of(layer))], says: says)
            .RunAsync(new ImageSource.DockerImage("shop:1"), bench.Request("v1"), Token);

        Assert.Equal([LayerOrigin.Mounted, LayerOrigin.Reused, LayerOrigin.Sent], image.Layers.Select(layer => layer.Origin));
        Assert.Equal(image.Layers[2].Size, image.SentBytes);
    }

    [Theory]
    [InlineData("mine", 0)]
    [InlineData("none", 1)]
    public async Task Of_a_layer_that_Docker_says_nothing_of_earlier_images_tell(string before, int sent)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var ours = await ScriptedDocker.PutAsync(bench, "ours", "mine");

        var image = await ScriptedDocker.Delivery(bench, ours)
            .RunAsync(new ImageSource.DockerImage("shop:1"), bench.Request("v1") with { Earlier = Task.FromResult<IReadOnlyList<string>>([before]) }, Token);

        Assert.Single(image.Layers);
        Assert.Equal(sent, image.Layers.Count(layer => layer.Origin == LayerOrigin.Sent));
    }

    [Fact]
    public async Task Of_an_index_the_layers_of_the_wanted_platform_are_told()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var seed = new ArchiveSeed();
        var layers = ((string[])["amd64", "arm64"]).ToDictionary(name => name, ArchiveSeed.Tar);
        var children = layers.Select(layer =>
            (seed.AddImage(layer.Key, [layer.Value], seed.Add(MediaTypes.OciLayerGzip, ArchiveSeed.Gzip(layer.Value))), layer.Key));
        var ours = await ScriptedDocker.PutAsync(bench, seed.Naming(seed.AddIndex([.. children])), "mine");

        var image = await ScriptedDocker.Delivery(bench, ours, "linux/arm64")
            .RunAsync(new ImageSource.DockerImage("shop:1"), bench.Request("v1") with { Platforms = [Platform.Arm64] }, Token);

        Assert.Equal(Digest.Of(ArchiveSeed.Gzip(layers["arm64"])), Assert.Single(image.Layers).Digest);
    }
}
