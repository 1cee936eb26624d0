using EcsDeploy;
using EcsDeploy.Delivery;
using EcsDeploy.Docker;
using EcsDeploy.Oci;
using EcsDeploy.Processes;
using EcsDeploy.Settings;
using Pipe.Tests.Delivery;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>DOCKERFILE and IMAGE_NAME against a real engine, with every command line that this machine has.</summary>
public sealed class RealDockerTests(RealEngine engine) : IClassFixture<RealEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> CommandLines => [.. RealEngine.CommandLines.DefaultIfEmpty("docker")];

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_Dockerfile_becomes_an_image_in_the_repository_and_is_not_built_twice(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var delivery = Delivery(bench, program);
        var source = Context(bench, "FROM scratch\nARG VERSION\nCOPY file /file\nENV VERSION=$VERSION\nENTRYPOINT [\"/file\"]\n");

        var image = await delivery.RunAsync(source with { BuildArguments = ["VERSION=7"] }, bench.Request("v1", "also", "latest"), Token);
        var again = await Delivery(bench, "/nowhere/docker").RunAsync(source, bench.Request("v1"), Token);

        var next = await delivery.RunAsync(source with { BuildArguments = ["VERSION=8"] }, bench.Request("v2", "latest"), Token);
        var found = await bench.Ecr.FindImageAsync("also", Token);
        Assert.Equal(image.Digest, found?.Digest);
        Assert.Equal(image.Digest, again.Digest);
        Assert.NotEqual(image.Digest, next.Digest);
        var configuration = ImageConfiguration.Parse(await bench.Client.ReadBlobAsync(ImageManifest.Parse(found!.Manifest, found.MediaType).Configuration, Token));
        Assert.Equal(("7", "/file"), (configuration.Variable("VERSION"), Assert.Single(configuration.EntryPoint)));

    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_build_that_fails_says_what_Docker_said(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<DockerException>(() =>
            Delivery(bench, program).RunAsync(Context(bench, "FROM scratch\nCOPY missing /file\n"), bench.Request("v1"), Token));

        Assert.Equal(ExitCode.Build, failure.ExitCode);
        Assert.Contains("missing", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task An_image_of_the_steps_Docker_is_pushed(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        await Delivery(bench, program).RunAsync(Context(bench, "FROM scratch\nCOPY file /file\n"), bench.Request("v1"), Token);
        var host = bench.Registries.HostForDocker(bench.Repository);

        var image = await Delivery(bench, program).RunAsync(new ImageSource.DockerImage($"{host}/shop:v1"), bench.Request("v2"), Token);

        Assert.Equal(image.Digest, (await bench.Ecr.FindImageAsync("v2", Token))?.Digest);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task An_image_that_Docker_does_not_have_is_named(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<DockerException>(() =>
            Delivery(bench, program).RunAsync(new ImageSource.DockerImage("shop:none"), bench.Request("v1"), Token));

        Assert.Contains("IMAGE_NAME is 'shop:none'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_without_Docker_is_told_what_to_write()
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<DockerException>(() =>
            Delivery(bench, "/nowhere/docker", needsEngine: false).RunAsync(Context(bench, "FROM scratch\n"), bench.Request("v1"), Token));

        Assert.Contains("services:\n      - docker", failure.Message, StringComparison.Ordinal);
    }

    private static ImageSource.Dockerfile Context(DeliveryBench bench, string dockerfile)
    {
        File.WriteAllText(Path.Combine(bench.Folder, "Dockerfile"), dockerfile);
        File.WriteAllText(Path.Combine(bench.Folder, "file"), "content");
        File.WriteAllText(Path.Combine(bench.Folder, ".dockerignore"), "docker\nbin\n");
        return new ImageSource.Dockerfile("Dockerfile");
    }

    /// <summary>With one command line alone in PATH.</summary>
    private DockerDelivery Delivery(DeliveryBench bench, string program, bool needsEngine = true)
    {
        Assert.SkipWhen(needsEngine && engine.Host is null, "There is no Docker engine: it needs root and Debian's docker.io.");
        var path = Directory.CreateDirectory(Path.Combine(bench.Folder, "bin", Guid.NewGuid().ToString("N"))).FullName;
        if (File.Exists(program))
        {
            File.CreateSymbolicLink(Path.Combine(path, "docker"), program);
        }

        var site = new DockerSite
        {
            CloneDirectory = bench.Folder,
            ConfigurationDirectory = Directory.CreateDirectory(Path.Combine(bench.Folder, "docker")).FullName,
            Environment = new Dictionary<string, string> { ["PATH"] = path, ["HOME"] = bench.Folder, ["DOCKER_HOST"] = engine.Host ?? "unix:///nowhere.sock" },
        };
        return new DockerDelivery(bench.Registries, new DockerCommandLine(new ProcessRunner(TimeProvider.System), site, Logger.None), TimeProvider.System, Logger.None);
    }
}
