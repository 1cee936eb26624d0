using EcsDeploy.Delivery;
using EcsDeploy.Oci;
using EcsDeploy.Settings;
using Pipe.Tests.Delivery;
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
        var ours = await ScriptedDocker.PutAsync(bench, "ours", "mine");
        var others = await ScriptedDocker.PutAsync(bench, "theirs", "latest");

        var image = await ScriptedDocker.Delivery(bench, ours).RunAsync(new ImageSource.DockerImage("shop:mine"), bench.Request("latest"), Token);

        Assert.Equal(ours, image.Digest.Text);
        Assert.NotEqual(others, image.Digest.Text);
    }

    [Fact]
    public async Task A_warning_among_Dockers_answers_is_no_defect()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var ours = await ScriptedDocker.PutAsync(bench, "ours", "mine");
        await ScriptedDocker.PutAsync(bench, "theirs", "v1");

        var image = await ScriptedDocker.Delivery(bench, ours).RunAsync(new ImageSource.DockerImage("shop:mine"), bench.Request("v1"), Token);

        Assert.Equal(ours, image.Digest.Text);
    }

    [Fact]
    public async Task This_Dockerfiles_image_for_another_platform_under_the_commits_tag_is_not_taken_for_this_builds()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var before = await PutForArmAsync(bench, "Dockerfile .");
        var ours = await ScriptedDocker.PutAsync(bench, "ours", "mine");

        var image = await ScriptedDocker.Delivery(bench, ours).RunAsync(DockerTrial.Context(bench, "FROM scratch"), bench.Request("v1"), Token);

        Assert.Equal(ours, image.Digest.Text);
        Assert.NotEqual(before, image.Digest.Text);
    }

    [Theory]
    [InlineData("admin/Dockerfile .", "but from 'admin/Dockerfile .'")]
    [InlineData(null, "but otherwise")]
    public async Task Anothers_image_for_another_platform_keeps_the_commits_tag(string? dockerfile, string told)
    {
        await using var bench = await DeliveryBench.StartAsync();
        await PutForArmAsync(bench, dockerfile);

        var failure = await Assert.ThrowsAsync<PushException>(() =>
            ScriptedDocker.Delivery(bench, "none").RunAsync(DockerTrial.Context(bench, "FROM scratch"), bench.Request("v1"), Token));

        Assert.Contains($"The tag 'v1' stands on an image that was not built from 'Dockerfile .' (Dockerfile, context, stage) {told}", failure.Message, StringComparison.Ordinal);
    }

    private static Task<string> PutForArmAsync(DeliveryBench bench, string? dockerfile)
    {
        var seed = new ArchiveSeed { Dockerfile = dockerfile };
        var layer = ArchiveSeed.Tar("arm");
        return ScriptedDocker.PutAsync(bench, seed.Naming(seed.AddImage("arm64", [layer], seed.Add(MediaTypes.OciLayerGzip, ArchiveSeed.Gzip(layer)))), "v1");
    }
}
