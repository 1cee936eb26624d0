using System.Text;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>Laying layers upon a base image.</summary>
public sealed class ImageAssemblerTests
{
    private static readonly ContainerFacts Facts = new()
    {
        BaseImage = "mcr.microsoft.com/dotnet/aspnet:10.0",
        RuntimeIdentifier = "linux-x64",
        Start = new StartCommand { AppCommand = ["dotnet", "/app/web.dll"] },
    };

    private static readonly ImageLayer App = new(
        LayerKind.App, Digest.Of("tar"u8), new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = Digest.Of("gz"u8), Size = 2 });

    [Fact]
    public void The_same_parts_give_the_same_documents()
    {
        var one = ImageAssembler.Compose(Base(), Facts, [App]);
        var other = ImageAssembler.Compose(Base(), Facts, [App]);

        Assert.Equal(one.Manifest.ToArray(), other.Manifest.ToArray());
        Assert.Equal(Digest.Of(one.Manifest.Span), one.Digest);
        Assert.Equal(Digest.Of(one.Configuration.Span), one.Content.Configuration.Digest);
        Assert.Equal(Platform.Amd64, one.Descriptor.Platform);
    }

    [Theory]
    [InlineData(true, MediaTypes.DockerManifest, MediaTypes.DockerConfiguration, MediaTypes.DockerLayerGzip)]
    [InlineData(false, MediaTypes.OciManifest, MediaTypes.OciConfiguration, MediaTypes.OciLayerGzip)]
    public void The_image_is_of_its_bases_family(bool docker, string manifest, string configuration, string layer)
    {
        var image = ImageAssembler.Compose(Base(docker), Facts, [App]).Content;

        Assert.Equal((manifest, configuration), (image.MediaType, image.Configuration.MediaType));
        Assert.Equal([layer, layer], image.Layers.Select(one => one.MediaType));
        Assert.Equal(App.DiffId.Text, image.Layers[1].Annotations["containerd.io/uncompressed"]);
    }

    // Docker's format has no media type for zstd.
    [Fact]
    public void A_base_with_zstd_layers_makes_an_OCI_image_whatever_the_project_says()
    {
        var plain = Base();
        var zstd = new BaseImage(plain.Digest, plain.Manifest with { Layers = [plain.Manifest.Layers[0] with { MediaType = MediaTypes.OciLayerZstd }] }, plain.Configuration);

        Assert.Equal(MediaTypes.OciManifest, ImageAssembler.Compose(zstd, Facts with { ImageFormat = "Docker" }, [App]).Content.MediaType);
    }

    [Theory]
    [InlineData("OCI", MediaTypes.OciManifest)]
    [InlineData("Docker", MediaTypes.DockerManifest)]
    [InlineData("docker", MediaTypes.DockerManifest)]
    public void The_projects_own_format_wins(string format, string manifest) =>
        Assert.Equal(manifest, ImageAssembler.Compose(Base(docker: true), Facts with { ImageFormat = format }, [App]).Content.MediaType);

    [Fact]
    public void A_zstd_layer_makes_it_an_OCI_image_whatever_the_base_is()
    {
        var zstd = new ImageLayer(LayerKind.App, App.DiffId, App.Descriptor with { MediaType = MediaTypes.OciLayerZstd });

        var image = ImageAssembler.Compose(Base(docker: true), Facts with { ImageFormat = "Docker" }, [zstd]).Content;

        Assert.Equal(MediaTypes.OciManifest, image.MediaType);
        Assert.Equal([MediaTypes.OciLayerGzip, MediaTypes.OciLayerZstd], image.Layers.Select(layer => layer.MediaType));
    }

    [Theory]
    [InlineData(null, "", "1654")]
    [InlineData("root", "", "root")]
    [InlineData(null, "7", "7")]
    public void The_user_is_the_projects_else_the_one_that_the_environment_names(string? user, string variable, string expected)
    {
        var facts = Facts with { User = user, Environment = variable.Length > 0 ? [new("APP_UID", variable)] : [] };

        Assert.Equal(expected, Configuration(facts).User);
    }

    [Theory]
    [InlineData("", "", "8080/tcp")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "80;81; x", "80/tcp,81/tcp")]
    [InlineData("ASPNETCORE_HTTPS_PORTS", "443", "443/tcp,8080/tcp")]
    [InlineData("ASPNETCORE_URLS", "http://+:5000;https://*:5001;http://localhost:5002/x", "5000/tcp,5001/tcp,5002/tcp")]
    public void Ports_follow_from_what_ASP_NET_listens_on(string name, string value, string ports)
    {
        var facts = Facts with { Environment = name.Length > 0 ? [new(name, value)] : [] };

        Assert.Equal(ports, string.Join(',', Configuration(facts).Ports));
    }

    [Fact]
    public void The_base_digest_is_a_label_unless_the_project_wants_none()
    {
        Assert.Equal(Base().Digest.Text, Configuration(Facts).Labels["org.opencontainers.image.base.digest"]);
        Assert.Empty(Configuration(Facts with { LabelsBaseDigest = false }).Labels);
    }

    [Fact]
    public void A_base_for_another_platform_is_refused()
    {
        var error = Assert.Throws<BuildException>(() => Base().Check("aspnet:10.0", Platform.Arm64));

        Assert.Contains("linux/amd64", error.Message, StringComparison.Ordinal);
        Base().Check("aspnet:10.0", Platform.Amd64);
    }

    private static ImageConfiguration Configuration(ContainerFacts facts) =>
        ImageConfiguration.Parse(ImageAssembler.Compose(Base(), facts, [App]).Configuration.Span);

    private static BaseImage Base(bool docker = false)
    {
        var configuration = Encoding.UTF8.GetBytes($$"""
            {"os":"linux","architecture":"amd64","config":{"Env":["APP_UID=1654","ASPNETCORE_HTTP_PORTS=8080"]},
             "rootfs":{"type":"layers","diff_ids":["{{Digest.Of("base"u8)}}"]} }
            """);
        var manifest = new ImageManifest
        {
            MediaType = docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest,
            Configuration = new Descriptor { MediaType = MediaTypes.OciConfiguration, Digest = Digest.Of(configuration), Size = configuration.Length },
            Layers = [new Descriptor { MediaType = docker ? MediaTypes.DockerLayerGzip : MediaTypes.OciLayerGzip, Digest = Digest.Of("b"u8), Size = 1 }],
        };
        return new BaseImage(Digest.Of(manifest.ToBytes()), manifest, ImageConfiguration.Parse(configuration));
    }
}
