using System.Formats.Tar;
using System.IO.Compression;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>What is sent and what is not, and what stands in the repository afterwards.</summary>
public sealed class PushingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_push_brings_the_base_and_every_layer()
    {
        await using var bench = await DeliveryBench.StartAsync();

        var image = await bench.PushAsync("v1");

        var found = await bench.Ecr.FindImageAsync("v1", Token);
        Assert.Equal(image.Digest, found?.Digest);
        var manifest = ImageManifest.Parse(found!.Manifest, found.MediaType);
        Assert.Equal(["base", "base", "packages", "app"], image.Layers.Select(layer => layer.Holds));
        Assert.Equal(image.Layers.Select(layer => layer.Digest), manifest.Layers.Select(layer => layer.Digest));
        Assert.All(image.Layers, layer => Assert.Equal(LayerOrigin.Sent, layer.Origin));
        var configuration = ImageConfiguration.Parse(await bench.Client.ReadBlobAsync(manifest.Configuration, Token));
        Assert.Equal(["dotnet", "/app/Shop.dll"], configuration.EntryPoint);
        Assert.Equal(4, configuration.DiffIds.Count);
        Assert.Empty(bench.Sandbox.Defects);
    }

    [Fact]
    public async Task A_changed_file_costs_its_layer_the_configuration_and_the_manifest_in_three_round_trips()
    {
        await using var bench = await DeliveryBench.StartAsync();
        await bench.PushAsync("v1");
        bench.App.Write("Shop.dll", "version 2");

        var image = await bench.PushAsync(bench.Request("v2") with { Earlier = Task.FromResult<IReadOnlyList<string>>(["v1"]) });

        Assert.Equal([LayerOrigin.Reused, LayerOrigin.Reused, LayerOrigin.Reused, LayerOrigin.Sent], image.Layers.Select(layer => layer.Origin));
        Assert.Equal(2, bench.Asked.Count(line => line.StartsWith("POST /v2/", StringComparison.Ordinal)));
        Assert.Equal(2, bench.Asked.Count(line => line.StartsWith("PUT /v2/shop/blobs/", StringComparison.Ordinal)));
        // Manifest and tag in one: the third and last round trip.
        Assert.Equal("ecr:PutImage 200", bench.Asked[^1]);
        Assert.DoesNotContain(bench.Asked, line => line.StartsWith("PUT /v2/shop/manifests/", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Asked, line => line.StartsWith("HEAD", StringComparison.Ordinal) || line.Contains("BatchCheckLayerAvailability", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Twenty_thousand_files_are_pushed_and_the_first_thousand_recorded()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var app = new AppFolder(Path.Combine(bench.Folder, "many"), $"{bench.Bases.Host}/{DeliveryBench.Base}");
        foreach (var number in Enumerable.Range(0, 20_000))
        {
            app.Write($"{number}.txt", $"{number}");
        }

        var image = await bench.PushAsync(bench.Request("v1"), (platform, _) =>
        {
            var published = app.For(platform) with { Layers = LayerPlan.Of(FolderScan.Of(Path.Combine(bench.Folder, "many")), "/app/", _ => LayerKind.App) };
            return new Publishing(Task.FromResult(published.Facts.BaseImage), Task.FromResult(published));
        });

        var layer = image.Layers.Single(layer => layer.Holds == "app");
        Assert.Equal((LayerOrigin.Sent, 1000), (layer.Origin, layer.Files.Count));
        await using var blob = await bench.Client.OpenBlobAsync(new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = layer.Digest, Size = layer.Size }, Token);
        await using var gzip = new GZipStream(blob, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        var files = 0;
        while (await tar.GetNextEntryAsync(copyData: false, Token) is { } entry)
        {
            files += entry.EntryType == TarEntryType.RegularFile ? 1 : 0;
        }

        Assert.Equal(20_000, files);
    }

    [Fact]
    public async Task No_change_is_the_same_digest_and_nothing_is_sent()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await bench.PushAsync("v1");

        var second = await bench.PushAsync(bench.Request("v2") with { Earlier = Task.FromResult<IReadOnlyList<string>>([first.Digest.Text]) });

        Assert.Equal((first.Digest, 0), (second.Digest, second.SentBytes));
        Assert.DoesNotContain(bench.Asked, line => line.StartsWith("POST /v2/", StringComparison.Ordinal) || line.StartsWith("PUT /v2/", StringComparison.Ordinal));
        Assert.Single(bench.Asked, line => line == "ecr:PutImage 200");
        Assert.Equal(first.Digest, (await bench.Ecr.FindImageAsync("v2", Token))?.Digest);
    }

    [Fact]
    public async Task Base_layers_are_there_before_the_compiler_is_done()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var compiled = new TaskCompletionSource<PublishedApp>();

        var pushing = bench.PushAsync(bench.Request("v1"), (platform, _) => new Publishing(Task.FromResult($"{bench.Bases.Host}/{DeliveryBench.Base}"), compiled.Task));
        while (bench.Asked.Count(line => line.StartsWith("PUT /v2/shop/blobs/", StringComparison.Ordinal)) < BaseSeed.Layers)
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        Assert.False(pushing.IsCompleted);
        compiled.SetResult(bench.App.For(Platform.Amd64));
        await pushing;
    }

    [Fact]
    public async Task A_build_that_fails_ends_everything_and_is_what_is_reported()
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<BuildException>(() => bench.PushAsync(
            bench.Request("v1"),
            (_, _) => new Publishing(Task.FromResult($"{bench.Bases.Host}/{DeliveryBench.Base}"), Task.FromException<PublishedApp>(new BuildException("CS1002")))));

        Assert.Equal("CS1002", failure.Message);
        Assert.Null(await bench.Ecr.FindImageAsync("v1", Token));
    }

    [Fact]
    public async Task A_layer_that_both_platforms_have_is_made_and_sent_once()
    {
        await using var bench = await DeliveryBench.StartAsync();
        BaseSeed.PutIndex(bench.Bases, "10.0", BaseSeed.PutImage(bench.Bases, "amd"), BaseSeed.PutImage(bench.Bases, "arm", "arm base", "arm64"));

        var image = await bench.PushAsync(bench.Request("v1") with { Platforms = [Platform.Amd64, Platform.Arm64] });

        var shared = image.Layers.Where(layer => layer.Holds != "base").GroupBy(layer => layer.Digest).ToList();
        Assert.All(shared, layer => Assert.Equal([LayerOrigin.Reused, LayerOrigin.Sent], layer.Select(one => one.Origin).Order()));
        // These, what the bases have, and two configurations.
        Assert.Equal(shared.Count + image.Layers.Count(layer => layer is { Holds: "base", Origin: LayerOrigin.Sent }) + 2, bench.Asked.Count(line => line.Contains("POST", StringComparison.Ordinal) && line.Contains("/blobs/uploads/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_base_layer_that_both_platforms_have_is_asked_for_brought_and_counted_once()
    {
        await using var bench = await DeliveryBench.StartAsync();
        BaseSeed.PutIndex(bench.Bases, "10.0", BaseSeed.PutImage(bench.Bases, "amd"), BaseSeed.PutImage(bench.Bases, "arm", architecture: "arm64"));

        var image = await bench.PushAsync(bench.Request("v1") with { Platforms = [Platform.Amd64, Platform.Arm64] });

        var bases = image.Layers.Where(layer => layer.Holds == "base").GroupBy(layer => layer.Digest).ToList();
        Assert.Equal(BaseSeed.Layers, bases.Count);
        Assert.All(bases, layer => Assert.Equal([LayerOrigin.Reused, LayerOrigin.Sent], layer.Select(one => one.Origin).Order()));
        Assert.All(bases, layer => Assert.Single(bench.Bases.Lines, line => line.EndsWith(layer.Key.Text, StringComparison.Ordinal)));
        Assert.Single(bench.Asked, line => line.Contains("BatchCheckLayerAvailability", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_platforms_are_an_index_whose_children_have_no_tag()
    {
        await using var bench = await DeliveryBench.StartAsync();
        BaseSeed.PutIndex(bench.Bases, "10.0", BaseSeed.PutImage(bench.Bases, "x", "amd"), BaseSeed.PutImage(bench.Bases, "a", "arm", "arm64"));

        var image = await bench.PushAsync(bench.Request("v1") with { Platforms = [Platform.Amd64, Platform.Arm64] });

        var index = await bench.Ecr.FindImageAsync("v1", Token);
        Assert.Equal([Platform.Amd64, Platform.Arm64], ImageIndex.Parse(index!.Manifest, index.MediaType).Manifests.Select(child => child.Platform));
        Assert.Equal(image.Children, ImageIndex.Parse(index.Manifest, index.MediaType).Manifests.Select(child => child.Digest));
        Assert.Equal(["v1"], (await bench.Ecr.ListTagsAsync(Token)).Where(tag => image.Children.Append(image.Digest).Contains(tag.Value)).Select(tag => tag.Key));
    }

    [Fact]
    public async Task A_base_of_the_wrong_architecture_is_refused()
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<BuildException>(() => bench.PushAsync(bench.Request("v1") with { Platforms = [Platform.Arm64] }));

        Assert.Contains("is for linux/amd64, but the app is for linux/arm64", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gzip", MediaTypes.OciLayerGzip)]
    [InlineData("Zstd", MediaTypes.OciLayerZstd)]
    public async Task Layers_are_compressed_as_asked(string compression, string type)
    {
        await using var bench = await DeliveryBench.StartAsync();

        await bench.PushAsync(bench.Request("v1") with { Layers = new LayerOptions { Compression = Enum.Parse<LayerCompression>(compression) } });

        var found = await bench.Ecr.FindImageAsync("v1", Token);
        Assert.All(ImageManifest.Parse(found!.Manifest, found.MediaType).Layers.Skip(BaseSeed.Layers), layer => Assert.Equal(type, layer.MediaType));
    }
}
