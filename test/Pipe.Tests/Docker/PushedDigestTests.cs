using EcsDeploy.Delivery;
using EcsDeploy.Docker;
using EcsDeploy.Processes;
using EcsDeploy.Settings;
using Pipe.Tests.Delivery;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>What Docker pushed is what is reported and rolled, whoever moves the tag meanwhile: a command line of the test's own says what it pushed.</summary>
public sealed class PushedDigestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tag_that_another_push_moved_is_not_believed()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var ours = await PutAsync(bench, "ours", "mine");
        var others = await PutAsync(bench, "theirs", "latest");

        var image = await Docker(bench, ours).RunAsync(new ImageSource.DockerImage("shop:mine"), bench.Request("latest"), Token);

        Assert.Equal(ours, image.Digest.Text);
        Assert.NotEqual(others, image.Digest.Text);
    }

    [Fact]
    public async Task A_warning_among_Dockers_answers_is_no_defect()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var ours = await PutAsync(bench, "ours", "mine");
        await PutAsync(bench, "theirs", "v1");

        var image = await Docker(bench, ours).RunAsync(new ImageSource.DockerImage("shop:mine"), bench.Request("v1"), Token);

        Assert.Equal(ours, image.Digest.Text);
    }

    [Fact]
    public async Task An_image_for_another_platform_under_the_commits_tag_is_not_taken_for_this_builds()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var before = await PutAsync(bench, "arm", "v1", "arm64");
        var ours = await PutAsync(bench, "ours", "mine");
        await File.WriteAllTextAsync(Path.Combine(bench.Folder, "Dockerfile"), "FROM scratch", Token);

        var image = await Docker(bench, ours).RunAsync(new ImageSource.Dockerfile("Dockerfile"), bench.Request("v1"), Token);

        Assert.Equal(ours, image.Digest.Text);
        Assert.NotEqual(before, image.Digest.Text);
    }

    private static DockerDelivery Docker(DeliveryBench bench, string pushes)
    {
        var program = Path.Combine(bench.Folder, "docker");
        File.WriteAllText(program, $$$"""
            #!/bin/sh
            case "$1" in
              version) echo '{"Client":{"Version":"20.10.24"},"Server":{"Version":"20.10.24","Arch":"amd64"}}';;
              buildx) exit 1;;
              image) case "$*" in *Os*) echo linux/amd64;; *Entrypoint*) echo '["/app/file"]'; echo '[warning] the engine is old';; *) echo sha256:00;; esac;;
              push) echo 'latest: digest: {{{pushes}}} size: 527';;
            esac
            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var site = new DockerSite { CloneDirectory = bench.Folder, ConfigurationDirectory = bench.Folder, OwnProgram = program, Environment = new Dictionary<string, string> { ["PATH"] = "/nowhere" } };
        return new DockerDelivery(bench.Registries, new DockerCommandLine(new ProcessRunner(TimeProvider.System), site, Logger.None), TimeProvider.System, Logger.None);
    }

    private static async Task<string> PutAsync(DeliveryBench bench, string content, string tag, string architecture = "amd64")
    {
        var path = Path.Combine(bench.Folder, $"{tag}.tar");
        await File.WriteAllBytesAsync(path, ArchiveSeed.Layout(architecture, ArchiveSeed.Tar(content)).ToTar(), Token);
        return (await new ArchiveDelivery(bench.Registries, TimeProvider.System, Logger.None).RunAsync(path, bench.Request(tag), Token)).Digest.Text;
    }
}
