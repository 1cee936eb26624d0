using System.Text.Json.Nodes;
using EcsDeploy.Delivery;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Pipe.Tests.Docker;
using Pipe.Tests.Registry;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>What our pusher wrote, judged by programs that nobody here wrote: skopeo, GNU tar, Docker's engine, and Debian's registry for the same push.</summary>
public sealed class JudgedImageTests(RealEngine engine) : IClassFixture<RealEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Gzip", "--gzip")]
    [InlineData("Zstd", "--zstd")]
    public async Task Skopeo_reads_the_image_and_GNU_tar_its_layers(string compression, string option)
    {
        await using var bench = await StartAsync();
        var (app, image) = await PushAsync(bench, request => request with { Layers = new LayerOptions { Compression = Enum.Parse<LayerCompression>(compression) } });

        var seen = JsonNode.Parse(await Outside.RunAsync(Outside.Skopeo, bench.Folder, ["inspect", .. Access(bench, ""), Address(bench, "v1")]))!;
        await Outside.RunAsync(Outside.Skopeo, bench.Folder, ["--insecure-policy", "copy", .. Access(bench, "src-"), Address(bench, "v1"), $"oci:{bench.Folder}/out:v1"]);
        var root = Directory.CreateDirectory(Path.Combine(bench.Folder, "root")).FullName;
        foreach (var layer in image.Layers)
        {
            // As an engine would: layer upon layer.
            var unzip = layer.Holds == "base" ? "--gzip" : option;
            await Outside.RunAsync(Outside.Tar, bench.Folder, unzip, "-xf", Path.Combine(bench.Folder, "out", "blobs", "sha256", layer.Digest.Hex), "-C", root);
        }

        Assert.Equal(image.Digest.Text, (string?)seen["Digest"]);
        AssertSame(app.Folder, Path.Combine(root, "app"));
    }

    // Docker's form keeps layers unpacked, each under its digest before compression: skopeo holds ours to it.
    [Fact]
    public async Task Skopeo_finds_each_layer_to_be_what_the_configuration_says()
    {
        await using var bench = await StartAsync();
        await PushAsync(bench, request => request);
        var archive = Path.Combine(bench.Folder, "judged.tar");

        await Outside.RunAsync(Outside.Skopeo, bench.Folder, ["--insecure-policy", "copy", .. Access(bench, "src-"), Address(bench, "v1"), $"docker-archive:{archive}:shop:v1"]);

        var configuration = JsonNode.Parse(await Outside.RunAsync(Outside.Skopeo, bench.Folder, ["inspect", "--config", .. Access(bench, ""), Address(bench, "v1")]))!;
        var layers = (await Outside.RunAsync(Outside.Tar, bench.Folder, "-tf", archive)).Split('\n');
        Assert.All(configuration["rootfs"]!["diff_ids"]!.AsArray(), diffId => Assert.Contains($"{((string)diffId!)["sha256:".Length..]}.tar", layers));
    }

    [Fact]
    public async Task Skopeo_copies_an_index_of_both_platforms_byte_for_byte()
    {
        await using var bench = await StartAsync();
        var (_, image) = await PushAsync(bench, request => request with { Platforms = [Platform.Amd64, Platform.Arm64] });

        var raw = await Outside.RunAsync(Outside.Skopeo, bench.Folder, ["inspect", "--raw", .. Access(bench, ""), Address(bench, "v1")]);
        await Outside.RunAsync(Outside.Skopeo, bench.Folder, ["--insecure-policy", "copy", "--all", .. Access(bench, "src-"), Address(bench, "v1"), $"oci:{bench.Folder}/out:v1"]);

        Assert.Equal(["amd64", "arm64"], JsonNode.Parse(raw)!["manifests"]!.AsArray().Select(child => (string?)child!["platform"]!["architecture"]));
        Assert.All(image.Children.Append(image.Digest), digest => Assert.True(File.Exists(Path.Combine(bench.Folder, "out", "blobs", "sha256", digest.Hex)), digest.Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Docker_pulls_the_image_and_runs_it(bool index)
    {
        Assert.SkipWhen(engine.Host is null, "There is no Docker engine: it needs root and Debian's docker.io.");
        await using var bench = await StartAsync();
        var (_, image) = await PushAsync(bench, request => request with { Platforms = index ? [Platform.Amd64, Platform.Arm64] : [Platform.Amd64] });

        var said = await engine.PullAndRunAsync(bench, image);

        Assert.Equal($"{RunnableApp.Greeting}names", said);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Debians_registry_takes_the_same_pushes(bool index)
    {
        await using var bench = await StartAsync();
        var (_, image) = await PushAsync(bench, request => request with { Platforms = index ? [Platform.Amd64, Platform.Arm64] : [Platform.Amd64] });
        await using var debian = await DebianRegistry.StartAsync(Path.Combine(bench.Folder, "debian"));

        var first = await debian.CopyAsync(bench.Client, "v1", "team/shop", "v1");
        var again = await debian.CopyAsync(bench.Client, "v1", "team/shop", "v2");
        var creds = $"{DebianRegistry.Login.UserName}:{DebianRegistry.Login.Password.Reveal()}";
        var raw = await Outside.RunAsync(Outside.Skopeo, bench.Folder, "inspect", "--tls-verify=false", "--creds", creds, "--format", "{{.Digest}} {{.RepoTags}}", $"docker://{debian.Host}/team/shop:v2");

        Assert.Equal((image.Digest, image.Digest), (first, again));
        Assert.Equal($"{image.Digest} [v1 v2]", raw);
    }

    [Fact]
    public async Task GNU_tar_reads_a_file_larger_than_its_octal_digits_can_tell()
    {
        await using var bench = await DeliveryBench.StartAsync();
        const long Size = 9_999_999_999;
        var path = Path.Combine(bench.Folder, "sparse.tar");
        await using (var tar = File.Create(path))
        {
            await tar.WriteAsync(new TarHeader("app/huge.bin", '0', 0b110_100_100) { Size = Size }.ToBytes(), Token);
            var padded = (Size + TarHeader.BlockSize - 1) / TarHeader.BlockSize * TarHeader.BlockSize;
            tar.SetLength(tar.Length + padded);
            tar.Position = tar.Length;
            await tar.WriteAsync(new TarHeader("app/after.txt", '0', 0b110_100_100).ToBytes(), Token);
            await tar.WriteAsync(new byte[2 * TarHeader.BlockSize], Token);
        }

        var listed = (await Outside.RunAsync(Outside.Tar, bench.Folder, "-tvf", path)).Split('\n');

        Assert.Contains($" {Size} ", listed[0], StringComparison.Ordinal);
        Assert.EndsWith("app/after.txt", listed[1], StringComparison.Ordinal);
    }

    private static async Task<DeliveryBench> StartAsync()
    {
        Outside.Need(Outside.Compiler);
        var bench = await DeliveryBench.StartAsync();
        RunnableApp.PutBase(bench.Bases, "10.0");
        return bench;
    }

    private static async Task<(RunnableApp App, PushedImage Image)> PushAsync(DeliveryBench bench, Func<DeliveryRequest, DeliveryRequest> change)
    {
        var app = await new RunnableApp(Path.Combine(bench.Folder, "published"), $"{bench.Bases.Host}/{DeliveryBench.Base}").WriteAsync();
        return (app, await bench.PushAsync(change(bench.Request("v1")), (platform, _) => app.Publish(platform)));
    }

    private static string Password(DeliveryBench bench) => bench.Sandbox.RegistryPasswordOf($"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push");

    private static string Address(DeliveryBench bench, string tag) => $"docker://{bench.Registries.HostForDocker(bench.Repository)}/shop:{tag}";

    private static string[] Access(DeliveryBench bench, string side) => [$"--{side}tls-verify=false", $"--{side}creds", $"AWS:{Password(bench)}"];

    private static void AssertSame(string published, string unpacked)
    {
        var files = FolderScan.Of(published);
        var there = FolderScan.Of(unpacked).Where(file => file.Path != "file");
        Assert.Equal(files.Select(file => (file.Path, file.LinkTarget)), there.Select(file => (file.Path, file.LinkTarget)));
        Assert.All(files.Where(file => file.LinkTarget is null), file => Assert.Equal(File.ReadAllBytes(file.Source), File.ReadAllBytes(Path.Combine(unpacked, file.Path))));
        Assert.True(File.GetUnixFileMode(Path.Combine(unpacked, "show")).HasFlag(UnixFileMode.OtherExecute));
    }
}
