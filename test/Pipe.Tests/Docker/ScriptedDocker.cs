using EcsDeploy.Delivery;
using EcsDeploy.Docker;
using EcsDeploy.Names;
using EcsDeploy.Processes;
using Pipe.Tests.Delivery;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>A command line of the test's own: it has every image, and pushes nothing, but says that it did.</summary>
internal static class ScriptedDocker
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="bench">Where its folder is.</param>
    /// <param name="pushes">The digest that it says it pushed.</param>
    /// <param name="platform">What its images are for.</param>
    /// <param name="layers">The digests of their layers before compression.</param>
    /// <param name="says">What it says of layers while it pushes.</param>
    public static DockerDelivery Delivery(
        DeliveryBench bench, string pushes, string platform = "linux/amd64", IReadOnlyList<Digest>? layers = null, IReadOnlyList<string>? says = null)
    {
        var diffIds = string.Join(',', (layers ?? []).Select(layer => $"\"{layer}\""));
        var lines = string.Concat((says ?? []).Select(line => $"echo '{line}'; "));
        var program = Path.Combine(bench.Folder, "docker");
        File.WriteAllText(program, $$$"""
            #!/bin/sh
            case "$1" in
              version) echo '{"Client":{"Version":"20.10.24"},"Server":{"Version":"20.10.24","Arch":"amd64"}}';;
              buildx) exit 1;;
              image) case "$*" in *Os*) echo {{{platform}}};; *Entrypoint*) echo '["/app/file"]'; echo '[warning] the engine is old';; *RootFS*) echo '[{{{diffIds}}}]';; *) echo sha256:00;; esac;;
              push) {{{lines}}}echo 'latest: digest: {{{pushes}}} size: 527';;
            esac
            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var site = new DockerSite { CloneDirectory = bench.Folder, ConfigurationDirectory = bench.Folder, OwnProgram = program, Environment = new Dictionary<string, string> { ["PATH"] = "/nowhere" } };
        return new DockerDelivery(bench.Registries, new DockerCommandLine(new ProcessRunner(TimeProvider.System), site, Logger.None), TimeProvider.System, Logger.None);
    }

    /// <summary>Brings an image into the repository, as if Docker had pushed it; gives its digest.</summary>
    public static Task<string> PutAsync(DeliveryBench bench, string content, string tag, string architecture = "amd64") =>
        PutAsync(bench, ArchiveSeed.Layout(architecture, ArchiveSeed.Tar(content)), tag);

    public static async Task<string> PutAsync(DeliveryBench bench, ArchiveSeed seed, string tag)
    {
        var path = Path.Combine(bench.Folder, $"{tag}.tar");
        await File.WriteAllBytesAsync(path, seed.ToTar(), Token);
        return (await new ArchiveDelivery(bench.Registries, TimeProvider.System, Logger.None).RunAsync(path, bench.Request(tag), Token)).Digest.Text;
    }
}
