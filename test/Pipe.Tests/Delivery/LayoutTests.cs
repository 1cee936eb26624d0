using EcsDeploy.Delivery;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>IMAGE_ARCHIVE with an OCI layout: what would be pushed and could not be pulled or run is refused.</summary>
public sealed class LayoutTests
{
    private const string PlainTar = "application/vnd.oci.image.layer.v1.tar";

    private const string Statement = "application/vnd.in-toto+json";

    private static readonly byte[] Layer = ArchiveSeed.Tar("one");

    private static readonly byte[] Other = ArchiveSeed.Tar("two");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MediaTypes.OciLayerGzip)]
    [InlineData(MediaTypes.DockerLayerGzip)]
    [InlineData(MediaTypes.OciLayerZstd)]
    [InlineData(PlainTar)]
    public async Task A_layer_is_what_the_configuration_says_or_refused(string type)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var (right, wrong) = (new ArchiveSeed(), new ArchiveSeed());
        right.Naming(right.AddImage("amd64", [Layer, Other], right.Add(type, Packed(type, Layer)), right.Add(type, Packed(type, Other))));
        wrong.Naming(wrong.AddImage("amd64", [Other, Layer], wrong.Add(type, Packed(type, Layer)), wrong.Add(type, Packed(type, Other))));

        await PushAsync(bench, right, "right");
        var failure = await Assert.ThrowsAsync<BuildException>(() => PushAsync(bench, wrong, "wrong"));

        Assert.Equal($"IMAGE_ARCHIVE: the layer {Digest.Of(Packed(type, Layer))} should be {Digest.Of(Other)} and is {Digest.Of(Layer)}: it was damaged or forged.", failure.Message);
        Assert.NotNull(await bench.Ecr.FindImageAsync("right", Token));
        Assert.Null(await bench.Ecr.FindImageAsync("wrong", Token));
    }

    [Fact]
    public async Task A_layer_of_a_kind_that_is_not_known_is_brought_as_it_is()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var seed = new ArchiveSeed();

        await PushAsync(bench, seed.Naming(seed.AddImage("amd64", [Layer], seed.Add(PlainTar + "+gzip+encrypted", Other))));

        Assert.NotNull(await bench.Ecr.FindImageAsync("v1", Token));
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "bomb", "more than 100 times its size" },
        { "bomb of zstd", "more than 100 times its size" },
        { "broken gzip", "cannot be unpacked" },
        { "more behind the end", "damaged or forged" },
        { "another configuration", "damaged or forged" },
        { "more layers", "the image for linux/amd64 has 2 layers and names 1." },
        { "another processor in the index", "is for linux/amd64, and its configuration says linux/arm64: it was damaged or forged." },
        { "another processor in a child of two", "is for linux/arm64, and its configuration says linux/amd64: it was damaged or forged." },
        { "an attestation for an image", "is for linux/amd64, and its configuration says unknown/unknown: it was damaged or forged." },
        { "an image for an attestation", "is for unknown/unknown, and its configuration says linux/arm64: it was damaged or forged." },
        { "foreign", "IMAGE_ARCHIVE: the image is for linux/s390x; it must be for linux/amd64 or linux/arm64." },
        { "foreign index", "IMAGE_ARCHIVE: the image is for linux/s390x and linux/ppc64le; it must be for linux/amd64 or linux/arm64." },
        { "no image", "the layout holds no image" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task What_could_not_be_run_is_refused_and_never_tagged(string lie, string complaint)
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<BuildException>(() => PushAsync(bench, Lie(lie)));

        Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
        Assert.Null(await bench.Ecr.FindImageAsync("v1", Token));
    }

    [Fact]
    public async Task An_index_of_two_platforms_is_kept_with_attestations_and_what_ECS_cannot_run()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var seed = new ArchiveSeed();
        var index = seed.AddIndex((Image(seed, "s390x"), "s390x"), (Image(seed, "amd64"), "amd64"), (Image(seed, "arm64"), "arm64"), (Attestation(seed), "unknown"));

        var image = await PushAsync(bench, seed.Naming(index));

        Assert.Equal(index.Digest, image.Digest);
        Assert.Equal([Platform.Amd64, Platform.Arm64], image.Layers.Select(layer => layer.Platform));
        Assert.Equal(ImageIndex.Parse(seed.Files[LayoutReader.NameOf(index.Digest)]).Manifests.Skip(1).Take(2).Select(child => child.Digest), image.Children);
    }

    [Fact]
    public async Task Of_an_index_the_one_image_that_ECS_can_run_is_taken()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var seed = new ArchiveSeed();
        var wanted = Image(seed, "arm64");

        var image = await PushAsync(bench, seed.Naming(seed.AddIndex((Image(seed, "s390x"), "s390x"), (wanted, "arm64"), (Attestation(seed), "unknown"))));

        Assert.Equal(wanted.Digest, image.Digest);
    }

    private static ArchiveSeed Lie(string lie)
    {
        var seed = new ArchiveSeed();
        return seed.Naming(lie switch
        {
            "bomb" => seed.AddImage("amd64", [new byte[270_000_000]], seed.Add(MediaTypes.OciLayerGzip, ArchiveSeed.Gzip(new byte[270_000_000]))),
            "bomb of zstd" => seed.AddImage("amd64", [new byte[270_000_000]], seed.Add(MediaTypes.OciLayerZstd, ArchiveSeed.Zstd(new byte[270_000_000]))),
            "broken gzip" => seed.AddImage("amd64", [Layer], seed.Add(MediaTypes.OciLayerGzip, [0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 255, 255, 255])),
            "more behind the end" => Longer(seed),
            "another configuration" => Reconfigured(seed),
            "more layers" => seed.AddImage("amd64", [Layer], seed.Add(MediaTypes.OciLayerGzip, ArchiveSeed.Gzip(Layer)), seed.Add(MediaTypes.OciLayerGzip, ArchiveSeed.Gzip(Other))),
            "another processor in the index" => seed.AddIndex((Image(seed, "arm64"), "amd64"), (Attestation(seed), "unknown")),
            "another processor in a child of two" => seed.AddIndex((Image(seed, "amd64"), "amd64"), (Image(seed, "amd64"), "arm64")),
            "an attestation for an image" => seed.AddIndex((Attestation(seed), "amd64"), (Image(seed, "arm64"), "arm64")),
            "an image for an attestation" => seed.AddIndex((Image(seed, "arm64"), "unknown"), (Image(seed, "amd64"), "amd64"), (Image(seed, "arm64"), "arm64")),
            "foreign" => Image(seed, "s390x"),
            "foreign index" => seed.AddIndex((Image(seed, "s390x"), "s390x"), (Image(seed, "ppc64le"), "ppc64le")),
            _ => Attestation(seed),
        });
    }

    /// <summary>The layer that is named, with bytes behind what a decompressor reads, under the digest of the layer without them.</summary>
    private static Descriptor Longer(ArchiveSeed seed)
    {
        byte[] longer = [.. ArchiveSeed.Gzip(Layer), 1, 2, 3];
        var layer = seed.Add(MediaTypes.OciLayerGzip, ArchiveSeed.Gzip(Layer)) with { Size = longer.Length };
        seed.Files[$"blobs/sha256/{layer.Digest.Hex}"] = longer;
        return seed.AddImage("amd64", [Layer], layer);
    }

    /// <summary>What lies under the configuration's name fits the layer; what the name promises, which the repository may have, does not.</summary>
    private static Descriptor Reconfigured(ArchiveSeed seed)
    {
        var (image, other) = (seed.AddImage("amd64", [Other], seed.Add(MediaTypes.OciLayerGzip, ArchiveSeed.Gzip(Layer))), Image(seed, "amd64"));
        seed.Files[FileOf(seed, image)] = seed.Files[FileOf(seed, other)];
        return image;
    }

    private static string FileOf(ArchiveSeed seed, Descriptor image) =>
        $"blobs/sha256/{ImageManifest.Parse(seed.Files[$"blobs/sha256/{image.Digest.Hex}"]).Configuration.Digest.Hex}";

    private static Descriptor Image(ArchiveSeed seed, string architecture) => seed.AddImage(architecture, [Layer], seed.Add(MediaTypes.OciLayerGzip, ArchiveSeed.Gzip(Layer)));

    /// <summary>As BuildKit writes it: the configuration lists the statements as if they were layers.</summary>
    private static Descriptor Attestation(ArchiveSeed seed) => seed.AddImage("unknown", ["{}"u8.ToArray()], seed.Add(Statement, "{}"u8.ToArray()));

    private static byte[] Packed(string type, byte[] content) => type switch
    {
        PlainTar => content,
        MediaTypes.OciLayerZstd => ArchiveSeed.Zstd(content),
        _ => ArchiveSeed.Gzip(content),
    };

    private static async Task<PushedImage> PushAsync(DeliveryBench bench, ArchiveSeed seed, string tag = "v1")
    {
        var path = Path.Combine(bench.Folder, "image.tar");
        await File.WriteAllBytesAsync(path, seed.ToTar(), Token);
        return await new ArchiveDelivery(bench.Registries, TimeProvider.System, Serilog.Core.Logger.None).RunAsync(path, bench.Request(tag), Token);
    }
}
