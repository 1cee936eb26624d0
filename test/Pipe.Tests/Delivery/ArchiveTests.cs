using System.Text;
using EcsDeploy.Delivery;
using EcsDeploy.Images;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>IMAGE_ARCHIVE: what others wrote is brought as it is, and nothing in it is believed.</summary>
public sealed class ArchiveTests
{
    private static readonly byte[] Layer = ArchiveSeed.Tar("one");

    private static readonly byte[] Other = ArchiveSeed.Tar("two");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task An_OCI_layout_arrives_byte_for_byte(string packing)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var seed = ArchiveSeed.Layout(Layer, Other);

        var image = await PushAsync(bench, packing switch { "gzip" => ArchiveSeed.Gzip(seed.ToTar()), "zstd" => ArchiveSeed.Zstd(seed.ToTar()), _ => seed.ToTar() });

        var named = Assert.Single(ImageIndex.Parse(seed.Files["index.json"]).Manifests);
        Assert.Equal(named.Digest, image.Digest);
        Assert.Equal(seed.Files[$"blobs/sha256/{named.Digest.Hex}"], (await bench.Ecr.FindImageAsync("v1", Token))!.Manifest);
    }

    [Fact]
    public async Task An_OCI_layout_may_be_a_folder()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var folder = Path.Combine(bench.Folder, "layout");
        ArchiveSeed.Layout(Layer).WriteFolder(folder);

        var image = await new ArchiveDelivery(bench.Registries, TimeProvider.System, Serilog.Core.Logger.None).RunAsync(folder, bench.Request("v1"), Token);

        Assert.Equal(image.Digest, (await bench.Ecr.FindImageAsync("v1", Token))?.Digest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task A_Docker_archive_is_compressed_and_its_layers_are_found_again(string packing)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var seed = ArchiveSeed.Docker(Layer, Other);
        if (packing.Length > 0)
        {
            seed.Files["0/layer.tar"] = packing == "zstd" ? ArchiveSeed.Zstd(Layer) : ArchiveSeed.Gzip(Layer);
        }

        var first = await PushAsync(bench, seed.ToTar());
        var second = await PushAsync(bench, ArchiveSeed.Docker(Layer, ArchiveSeed.Tar("three")).ToTar(), "v2");

        var found = await bench.Ecr.FindImageAsync("v1", Token);
        var type = ImageManifest.Parse(found!.Manifest, found.MediaType).Layers[0].MediaType;
        Assert.Equal(packing == "zstd" ? MediaTypes.OciLayerZstd : MediaTypes.OciLayerGzip, type);
        Assert.All(first.Layers, layer => Assert.Equal(LayerOrigin.Sent, layer.Origin));
        Assert.Equal([LayerOrigin.Reused, LayerOrigin.Sent], second.Layers.Select(layer => layer.Origin));
    }

    [Fact]
    public async Task A_layer_that_Docker_wrote_as_a_link_is_followed_inside_the_archive()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var seed = ArchiveSeed.Docker(Layer, Layer);
        seed.Files.Remove("1/layer.tar");
        seed.Links["1/layer.tar"] = "../0/layer.tar";

        var image = await PushAsync(bench, seed.ToTar());

        var found = await bench.Ecr.FindImageAsync("v1", Token);
        var layers = ImageManifest.Parse(found!.Manifest, found.MediaType).Layers;
        Assert.Equal(layers[0].Digest, layers[1].Digest);
        // It is one layer, however often it lies there.
        Assert.Equal(layers[0].Digest, Assert.Single(image.Layers).Digest);
        Assert.Equal(2, bench.Sandbox.Requests.Count(request => request.Method == "POST" && request.Path.EndsWith("/blobs/uploads/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_apps_image_keeps_this_commits_tag(bool layout)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await bench.PushAsync("v1");
        var seed = layout ? ArchiveSeed.Layout(Layer) : ArchiveSeed.Docker(Layer);

        var refusal = await Assert.ThrowsAsync<PushException>(() => PushAsync(bench, seed.ToTar()));

        Assert.Contains("The tag 'v1' stands on an image of another app", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(first.Digest, (await bench.Ecr.FindImageAsync("v1", Token))?.Digest);
    }

    [Fact]
    public async Task An_index_of_one_image_and_its_attestations_is_that_image()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var seed = ArchiveSeed.Layout(Layer);
        var image = ImageIndex.Parse(seed.Files["index.json"]).Manifests[0];
        var index = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[
              {"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{image.Digest}}","size":{{image.Size}},"platform":{"architecture":"amd64","os":"linux"} },
              {"mediaType":"{{MediaTypes.OciManifest}}","digest":"sha256:{{new string('a', 64)}}","size":1,"platform":{"architecture":"unknown","os":"unknown"} }]}
            """);
        seed.Files["index.json"] = ImageIndex.Of([seed.Add(MediaTypes.OciIndex, index)]).ToBytes();

        Assert.Equal(image.Digest, (await PushAsync(bench, seed.ToTar())).Digest);
    }

    // Buildx lists an image once for each -t.
    [Fact]
    public async Task An_image_under_two_names_is_one_image()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var seed = ArchiveSeed.Layout(Layer);
        var named = ImageIndex.Parse(seed.Files["index.json"]).Manifests[0];
        seed.Files["index.json"] = ImageIndex.Of([named, named]).ToBytes();

        Assert.Equal(named.Digest, (await PushAsync(bench, seed.ToTar())).Digest);
    }

    [Fact]
    public async Task An_image_that_is_there_already_sends_nothing()
    {
        await using var bench = await DeliveryBench.StartAsync();
        await PushAsync(bench, ArchiveSeed.Layout(Layer).ToTar());

        var again = await PushAsync(bench, ArchiveSeed.Layout(Layer).ToTar());

        Assert.Equal(0, again.SentBytes);
    }

    [Theory]
    [InlineData("image.tar", "image.tar")]
    [InlineData("layout", "layout/index.json")]
    public async Task A_named_pipe_is_refused_and_does_not_hang(string archive, string pipe)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var path = Path.Combine(bench.Folder, pipe);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await Outside.RunAsync("/usr/bin/mkfifo", bench.Folder, path);

        var failure = await Assert.ThrowsAsync<BuildException>(() =>
            new ArchiveDelivery(bench.Registries, TimeProvider.System, Serilog.Core.Logger.None).RunAsync(Path.Combine(bench.Folder, archive), bench.Request("v1"), Token));

        Assert.Contains("is no file but a pipe, a socket or a device", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Forgeries => new()
    {
        { "escape", "leads out of it" },
        { "absolute", "leads out of it" },
        { "link out", "is missing in the archive" },
        { "manifest names out", "leads out of it" },
        { "docker layer", "damaged or forged" },
        { "empty layer", "damaged or forged" },
        { "layout layer", "damaged or forged" },
        { "layout manifest", "damaged or forged" },
        { "layout size", "should hold" },
        { "diff ids", "names 2" },
        { "bomb", "more than 100 times its size" },
        { "huge document", "no document of an image" },
        { "document that is no UTF-8", "is no JSON" },
        { "layer bomb", "more than 100 times its size" },
        { "layer bomb of zstd", "more than 100 times its size" },
        { "broken gzip", "cannot be unpacked" },
        { "broken zstd", "cannot be unpacked" },
        { "two images", "holds 2 images" },
        { "no image", "holds no image" },
        { "no archive", "is no tar archive that can be read, plain or compressed with gzip or zstd: " },
        { "cut", "no tar archive" },
        { "bomb of zstd", "more than 100 times its size" },
        { "skopeo's dir", "is neither an archive of docker save, whose manifest.json is a list of images, nor an OCI layout" },
        { "list of what is no image", "is neither an archive of docker save, whose manifest.json is a list of images, nor an OCI layout" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task What_is_forged_is_refused_and_never_tagged(string forgery, string complaint)
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<BuildException>(() => PushAsync(bench, Forge(forgery)));

        Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
        Assert.Null(await bench.Ecr.FindImageAsync("v1", Token));
    }

    private static byte[] Forge(string forgery)
    {
        var (docker, layout) = (ArchiveSeed.Docker(Layer), ArchiveSeed.Layout(Layer));
        var named = ImageIndex.Parse(layout.Files["index.json"]).Manifests[0];
        var image = $"blobs/sha256/{named.Digest.Hex}";
        var layer = $"blobs/sha256/{ImageManifest.Parse(layout.Files[image]).Layers[0].Digest.Hex}";
        switch (forgery)
        {
            case "escape": docker.Files["a/../../etc/passwd"] = []; return docker.ToTar();
            case "absolute": docker.Files["/etc/passwd"] = []; return docker.ToTar();
            case "link out": docker.Files.Remove("0/layer.tar"); docker.Links["0/layer.tar"] = "../../../etc/passwd"; return docker.ToTar();
            case "manifest names out": docker.Files["manifest.json"] = """[{"Config":"../../etc/passwd","Layers":[]}]"""u8.ToArray(); return docker.ToTar();
            case "empty layer": docker.Files["0/layer.tar"] = []; return docker.ToTar();
            case "docker layer": docker.Files["0/layer.tar"] = Other; return docker.ToTar();
            case "layout layer": layout.Files[layer] = [.. layout.Files[layer].Reverse()]; return layout.ToTar();
            case "layout manifest": layout.Files[image] = [.. layout.Files[image], (byte)' ']; return layout.ToTar();
            case "layout size": layout.Files[layer] = [.. layout.Files[layer], 0]; return layout.ToTar();
            case "diff ids": docker.Files["config.json"] = ArchiveSeed.Docker(Layer, Other).Files["config.json"]; return docker.ToTar();
            case "bomb": return ArchiveSeed.Gzip(new byte[270_000_000]);
            case "bomb of zstd": return ArchiveSeed.Zstd(new byte[270_000_000]);
            case "skopeo's dir": docker.Files["manifest.json"] = layout.Files[image]; return docker.ToTar();
            case "list of what is no image": docker.Files["manifest.json"] = "[7]"u8.ToArray(); return docker.ToTar();
            case "huge document": docker.Files["manifest.json"] = new byte[5_000_000]; return docker.ToTar();
            case "document that is no UTF-8": docker.Files["manifest.json"] = Encoding.Latin1.GetBytes("""[{"Config":"für.json","Layers":[]}]"""); return docker.ToTar();
            case "layer bomb": docker.Files["0/layer.tar"] = ArchiveSeed.Gzip(new byte[270_000_000]); return docker.ToTar();
            case "layer bomb of zstd": docker.Files["0/layer.tar"] = ArchiveSeed.Zstd(new byte[270_000_000]); return docker.ToTar();
            case "broken gzip": docker.Files["0/layer.tar"] = [0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 255, 255, 255]; return docker.ToTar();
            case "broken zstd": docker.Files["0/layer.tar"] = [0x28, 0xb5, 0x2f, 0xfd, 255, 255, 255, 255, 255, 255]; return docker.ToTar();
            case "two images":
                var other = ArchiveSeed.Layout(Other);
                layout.Files["index.json"] = ImageIndex.Of([named, .. ImageIndex.Parse(other.Files["index.json"]).Manifests]).ToBytes();
                return layout.ToTar();
            case "no image": return new ArchiveSeed { Files = { ["readme"] = [1] } }.ToTar();
            case "no archive": return Encoding.ASCII.GetBytes(new string('x', 2000));
            default: return docker.ToTar()[..700];
        }
    }

    private static async Task<PushedImage> PushAsync(DeliveryBench bench, byte[] archive, string tag = "v1")
    {
        var path = Path.Combine(bench.Folder, "image.tar");
        await File.WriteAllBytesAsync(path, archive, Token);
        var request = bench.Request(tag) with { Earlier = Task.FromResult<IReadOnlyList<string>>(["v1"]) };
        return await new ArchiveDelivery(bench.Registries, TimeProvider.System, Serilog.Core.Logger.None).RunAsync(path, request, Token);
    }
}
