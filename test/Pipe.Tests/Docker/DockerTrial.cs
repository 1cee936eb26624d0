using System.IO.Compression;
using System.Text;
using EcsDeploy.Delivery;
using EcsDeploy.Docker;
using EcsDeploy.Oci;
using EcsDeploy.Processes;
using EcsDeploy.Settings;
using Pipe.Tests.Delivery;
using Serilog;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>A folder to build, a delivery that builds it with one command line, and the image as it arrived.</summary>
internal static class DockerTrial
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ImageSource.Dockerfile> RunnableAsync(DeliveryBench bench, string dockerfile)
    {
        var source = Context(bench, dockerfile);
        await RunnableApp.CompileAsync(Path.Combine(bench.Folder, "show"));
        return source;
    }

    /// <summary>The configuration, and each layer as text before compression.</summary>
    public static async Task<(ImageConfiguration Configuration, IReadOnlyList<string> Layers)> ReadAsync(DeliveryBench bench, string tag)
    {
        var found = await bench.Ecr.FindImageAsync(tag, Token);
        var manifest = ImageManifest.Parse(found!.Manifest, found.MediaType);
        var layers = new List<string>();
        foreach (var layer in manifest.Layers)
        {
            await using var gzip = new GZipStream(await bench.Client.OpenBlobAsync(layer, Token), CompressionMode.Decompress);
            using var reader = new StreamReader(gzip, Encoding.Latin1);
            layers.Add(await reader.ReadToEndAsync(Token));
        }

        return (ImageConfiguration.Parse(await bench.Client.ReadBlobAsync(manifest.Configuration, Token)), layers);
    }

    public static ImageSource.Dockerfile Context(DeliveryBench bench, string dockerfile)
    {
        File.WriteAllText(Path.Combine(bench.Folder, "Dockerfile"), dockerfile);
        File.WriteAllText(Path.Combine(bench.Folder, "file"), "content");
        File.WriteAllText(Path.Combine(bench.Folder, ".dockerignore"), "docker\nbin\ndebian\nfeed.txt\n");
        return new ImageSource.Dockerfile("Dockerfile");
    }

    /// <summary>With one command line alone in PATH, and another one as the pipe's own where that is asked for.</summary>
    public static DockerDelivery Delivery(
        RealEngine engine, DeliveryBench bench, string program, bool needsEngine = true, string? host = null, ILogger? log = null, string own = "/nowhere/docker")
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
            OwnProgram = own,
            Environment = new Dictionary<string, string> { ["PATH"] = path, ["HOME"] = bench.Folder, ["DOCKER_HOST"] = host ?? engine.Host ?? "unix:///nowhere.sock" },
        };
        return new DockerDelivery(bench.Registries, new DockerCommandLine(new ProcessRunner(TimeProvider.System), site, log ?? Logger.None), TimeProvider.System, Logger.None);
    }
}
