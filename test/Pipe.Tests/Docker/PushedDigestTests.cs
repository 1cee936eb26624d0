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
    public async Task An_image_for_another_platform_under_the_commits_tag_is_not_taken_for_this_builds()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var before = await ScriptedDocker.PutAsync(bench, "arm", "v1", "arm64");
        var ours = await ScriptedDocker.PutAsync(bench, "ours", "mine");
        await File.WriteAllTextAsync(Path.Combine(bench.Folder, "Dockerfile"), "FROM scratch", Token);

        var image = await ScriptedDocker.Delivery(bench, ours).RunAsync(new ImageSource.Dockerfile("Dockerfile"), bench.Request("v1"), Token);

        Assert.Equal(ours, image.Digest.Text);
        Assert.NotEqual(before, image.Digest.Text);
    }
}
