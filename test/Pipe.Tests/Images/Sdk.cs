using System.Collections;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Processes;
using EcsDeploy.Settings;
using Serilog;
using Serilog.Core;

namespace Pipe.Tests.Images;

/// <summary>Publishes sample apps with the machine's SDK: our way, and the SDK's own.</summary>
internal static class Sdk
{
    public static Dictionary<string, string> Environment { get; } = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    public static async Task<PublishedApp> PublishAsync(TempFolder temp, ImageSource.Project source, CancellationToken token, ILogger? log = null, string language = "")
    {
        using var publisher = Publisher(temp, log, language);
        return await publisher.Start(source, source.Platforms[0], token).App;
    }

    public static AppPublisher Publisher(TempFolder temp, ILogger? log = null, string language = "")
    {
        var environment = new Dictionary<string, string>(Environment) { ["LANG"] = language };
        var site = new BuildSite { CloneDirectory = temp.Path, WorkDirectory = temp.Folder($"work-{Guid.NewGuid():N}"), Environment = environment };
        return new AppPublisher(new ProcessRunner(TimeProvider.System), site, log ?? Logger.None);
    }

    /// <summary>Runs a line as a step would, with Git ready to commit; the result is what it printed last.</summary>
    public static async Task<IReadOnlyList<string>> ShellAsync(string script, string directory, CancellationToken token)
    {
        var environment = new Dictionary<string, string>(Environment)
        {
            ["GIT_AUTHOR_NAME"] = "t",
            ["GIT_AUTHOR_EMAIL"] = "t@example.org",
            ["GIT_COMMITTER_NAME"] = "t",
            ["GIT_COMMITTER_EMAIL"] = "t@example.org",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        };
        var result = await new ProcessRunner(TimeProvider.System).RunSuccessfullyAsync(
            new Command { Program = "sh", Arguments = ["-c", script], WorkingDirectory = directory, Environment = environment }, token);
        return result.LastLines;
    }

    /// <summary>The layers as the registry would get them, without being compressed.</summary>
    public static async Task<ImageDocuments> ComposeAsync(PublishedApp app, BaseImage baseImage, CancellationToken token)
    {
        var layers = new List<ImageLayer>();
        foreach (var layer in app.Layers)
        {
            var measured = await layer.MeasureAsync(token);
            layers.Add(new ImageLayer(layer.Kind, measured.DiffId, new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = measured.DiffId, Size = measured.Size }));
        }

        return ImageAssembler.Compose(baseImage, app.Facts, layers);
    }

    /// <summary>What the SDK's own container publish makes of the project: the configuration, and each file of its layer with its contents' digest.</summary>
    public static async Task<(ImageConfiguration Configuration, Dictionary<string, Digest> Files)> PublishContainerAsync(
        TempFolder temp, string project, BaseRegistry registry, CancellationToken token)
    {
        var archive = Path.Combine(temp.Path, "sdk.tar");
        var command = new Command
        {
            Program = "dotnet",
            Arguments =
            [
                "publish", project, "-c", "Release", "-t:PublishContainer", "-m:1", "-nodeReuse:false", .. ContainerQuery.ReproducibleArguments,
                $"-p:ContainerBaseImage={registry.Reference}", $"-p:ContainerArchiveOutputPath={archive}", "-p:ContainerRepository=sample",
            ],
            WorkingDirectory = temp.Path,
            Environment = new Dictionary<string, string>(Environment)
            {
                ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Host,
                ["XDG_CACHE_HOME"] = temp.Folder("cache"),
            },
        };
        await new ProcessRunner(TimeProvider.System).RunSuccessfullyAsync(command, token);
        var files = await FilesOfAsync(File.OpenRead(archive), token);
        var manifest = JsonNode.Parse(files["manifest.json"])![0]!;
        var layer = new MemoryStream(files[(string)manifest["Layers"]!.AsArray()[^1]!]);
        var content = await FilesOfAsync(new GZipStream(layer, CompressionMode.Decompress), token);
        return (ImageConfiguration.Parse(files[(string)manifest["Config"]!]), await DigestsAsync(content));
    }

    /// <summary>Each file of our layers with its contents' digest.</summary>
    public static async Task<Dictionary<string, Digest>> FilesOfAsync(PublishedApp app, CancellationToken token)
    {
        var all = new Dictionary<string, Digest>(StringComparer.Ordinal);
        foreach (var layer in app.Layers)
        {
            var tar = new MemoryStream();
            await new LayerTar(tar, []).WriteAsync(app.Facts.WorkingDirectory, layer.Files, token);
            tar.Position = 0;
            foreach (var (path, digest) in await DigestsAsync(await FilesOfAsync(tar, token)))
            {
                all.Add(path, digest);
            }
        }

        return all;
    }

    private static async Task<Dictionary<string, Digest>> DigestsAsync(Dictionary<string, byte[]> files)
    {
        var digests = new Dictionary<string, Digest>(StringComparer.Ordinal);
        foreach (var (path, bytes) in files)
        {
            digests[path] = Digest.Of(AssetList.IsList(path) ? await AssetListTests.ReadAsync(bytes) : bytes);
        }

        return digests;
    }

    private static async Task<Dictionary<string, byte[]>> FilesOfAsync(Stream tar, CancellationToken token)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var reader = new TarReader(tar);
        while (await reader.GetNextEntryAsync(copyData: true, token) is { } entry)
        {
            if (entry.EntryType == TarEntryType.RegularFile)
            {
                using var copy = new MemoryStream();
                await (entry.DataStream?.CopyToAsync(copy, token) ?? Task.CompletedTask);
                files[entry.Name] = copy.ToArray();
            }
        }

        return files;
    }
}
