using System.Text;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using Xunit;

namespace Pipe.Tests.Oci;

/// <summary>Manifests and indexes: read from any registry, written the same way every time.</summary>
public sealed class ManifestTests
{
    private static readonly Descriptor Configuration = new() { MediaType = MediaTypes.OciConfiguration, Digest = Digest.Of("c"u8), Size = 1 };

    private static readonly Descriptor Layer = new()
    {
        MediaType = MediaTypes.OciLayerGzip,
        Digest = Digest.Of("l"u8),
        Size = long.MaxValue,
        Annotations = new Dictionary<string, string> { ["z"] = "ü+<", ["a"] = "1" },
    };

    [Fact]
    public void A_manifest_survives_being_written_and_read()
    {
        var manifest = new ImageManifest { MediaType = MediaTypes.OciManifest, Configuration = Configuration, Layers = [Layer, Layer] };

        var read = ImageManifest.Parse(manifest.ToBytes());

        Assert.Equal(manifest.ToBytes(), read.ToBytes());
        Assert.Equal(long.MaxValue, read.Layers[1].Size);
        Assert.Equal("ü+<", read.Layers[0].Annotations["z"]);
    }

    [Fact]
    public void The_child_for_every_processor_goes_before_one_for_some()
    {
        static string Child(char digit, string platform) =>
            $$$"""{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"sha256:{{{new string(digit, 64)}}}","size":1,"platform":{"os":"linux","architecture":"amd64"{{{platform}}}} }""";
        var index = ImageIndex.Parse(Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{Child('a', ",\"variant\":\"v3\"")}},{{Child('b', "")}}]}"""));

        Assert.StartsWith("sha256:b", index.Find(Platform.Amd64)!.Digest.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\uDC00x")]
    public void Text_with_half_a_character_is_no_document(string text) =>
        Assert.Throws<DocumentException>(() => ImageManifest.Parse(Encoding.UTF8.GetBytes($$"""{"mediaType":"{{text}}","layers":[]}""")));

    [Fact]
    public void Text_that_is_no_UTF_8_is_no_document() =>
        Assert.Throws<DocumentException>(() => ImageManifest.Parse(Encoding.Latin1.GetBytes("""{"mediaType":"für","layers":[]}""")));

    [Fact]
    public void Annotations_are_written_by_name_and_without_escapes()
    {
        var text = Encoding.UTF8.GetString(new ImageManifest { MediaType = MediaTypes.OciManifest, Configuration = Configuration, Layers = [Layer] }.ToBytes());

        Assert.Contains("\"annotations\":{\"a\":\"1\",\"z\":\"ü+<\"}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_without_a_type_of_its_own_has_the_one_that_the_registry_gave()
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"config":{"mediaType":"c","digest":"{{Layer.Digest}}","size":1},"layers":[]}""");

        Assert.True(ImageManifest.Parse(bytes, MediaTypes.DockerManifest).IsDocker);
        Assert.False(ImageManifest.Parse(bytes).IsDocker);
    }

    [Theory]
    [InlineData("""{"mediaType":"application/vnd.oci.image.index.v1+json","layers":[]}""")]
    [InlineData("""{"layers":{}}""")]
    [InlineData("""{"layers":[],"config":{"mediaType":"c","digest":"sha256:short","size":1}}""")]
    [InlineData("""{"layers":[],"config":{"mediaType":"c","digest":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","size":-1}}""")]
    [InlineData("""{"layers":[],"config":{"mediaType":"c","digest":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","size":"1"}}""")]
    [InlineData("""{"layers":[1],"config":{}}""")]
    public void What_is_no_manifest_is_refused(string text) => Assert.Throws<DocumentException>(() => ImageManifest.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void An_index_finds_the_child_for_a_platform_and_skips_attestations()
    {
        var bytes = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"manifests":[
              {"mediaType":"m","digest":"{{Digest.Of("1"u8)}}","size":1,"platform":{"os":"unknown","architecture":"unknown"} },
              {"mediaType":"m","digest":"{{Digest.Of("2"u8)}}","size":1,"platform":{"os":"windows","architecture":"amd64"} },
              {"mediaType":"m","digest":"{{Digest.Of("3"u8)}}","size":1,"platform":{"os":"linux","architecture":"arm64","variant":"v8"} }] }
            """);

        var index = ImageIndex.Parse(bytes, MediaTypes.DockerManifestList);

        Assert.Equal(MediaTypes.DockerManifestList, index.MediaType);
        Assert.Equal(Digest.Of("3"u8), index.Find(Platform.Arm64)?.Digest);
        Assert.Null(index.Find(Platform.Amd64));
    }

    [Fact]
    public void An_index_of_docker_images_is_dockers_and_of_any_other_the_oci_one()
    {
        var docker = Configuration with { MediaType = MediaTypes.DockerManifest, Platform = Platform.Amd64 };
        var oci = Configuration with { MediaType = MediaTypes.OciManifest, Platform = Platform.Arm64 };

        Assert.Equal(MediaTypes.DockerManifestList, ImageIndex.Of([docker]).MediaType);
        Assert.Equal(MediaTypes.OciIndex, ImageIndex.Of([docker, oci]).MediaType);
        Assert.Equal(oci.Digest, ImageIndex.Parse(ImageIndex.Of([docker, oci]).ToBytes()).Find(Platform.Arm64)?.Digest);
    }
}
