using System.Text;
using EcsDeploy.Delivery;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Registry;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>What stands under the commit's own tag already binds a second run; what a moving tag stands on does not.</summary>
public sealed class CommitTagTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tag_of_another_app_is_not_taken_from_it()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await bench.PushAsync("v1");
        bench.App.Write("Shop.dll", "another").Starts = "Admin.dll";

        var failure = await Assert.ThrowsAsync<PushException>(() => bench.PushAsync("v1"));

        Assert.Contains("stands on an image of another app: that one starts 'dotnet /app/Shop.dll', this one 'dotnet /app/Admin.dll'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(first.Digest, (await bench.Ecr.FindImageAsync("v1", Token))?.Digest);
    }

    [Fact]
    public async Task A_second_run_of_a_step_builds_upon_the_base_of_the_first()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await bench.PushAsync("v1");
        BaseSeed.PutImage(bench.Bases, "10.0", "a newer base");

        var again = await bench.PushAsync("v1");
        var next = await bench.PushAsync("v2");

        Assert.Equal(first.Digest, again.Digest);
        Assert.NotEqual(first.BaseImages, next.BaseImages);
    }

    [Theory]
    [InlineData("linux/arm64", "linux/amd64")]
    [InlineData("linux/amd64", "linux/amd64 linux/arm64")]
    [InlineData("linux/amd64 linux/arm64", "linux/arm64")]
    public async Task A_second_run_for_other_platforms_builds_upon_a_base_for_them(string before, string after)
    {
        await using var bench = await DeliveryBench.StartAsync();
        BaseSeed.PutIndex(bench.Bases, "10.0", BaseSeed.PutImage(bench.Bases, "amd"), BaseSeed.PutImage(bench.Bases, "arm", "arm base", "arm64"));
        await bench.PushAsync(bench.Request("v1") with { Platforms = Parse(before) });

        var image = await bench.PushAsync(bench.Request("v1") with { Platforms = Parse(after) });

        Assert.Equal(Parse(after).Count, image.BaseImages.Count);
        Assert.Equal(image.Digest, (await bench.Ecr.FindImageAsync("v1", Token))?.Digest);
    }

    [Theory]
    [InlineData("linux/arm64", "linux/amd64")]
    [InlineData("linux/amd64", "linux/amd64 linux/arm64")]
    [InlineData("linux/amd64", "linux/arm64")]
    public async Task A_tag_of_another_app_is_not_taken_from_it_for_other_platforms(string before, string after)
    {
        await using var bench = await DeliveryBench.StartAsync();
        BaseSeed.PutIndex(bench.Bases, "10.0", BaseSeed.PutImage(bench.Bases, "amd"), BaseSeed.PutImage(bench.Bases, "arm", "arm base", "arm64"));
        var first = await bench.PushAsync(bench.Request("v1") with { Platforms = Parse(before) });
        bench.App.Write("Shop.dll", "another").Starts = "Admin.dll";

        var failure = await Assert.ThrowsAsync<PushException>(() => bench.PushAsync(bench.Request("v1") with { Platforms = Parse(after) }));

        Assert.Contains("stands on an image of another app", failure.Message, StringComparison.Ordinal);
        Assert.Equal(first.Digest, (await bench.Ecr.FindImageAsync("v1", Token))?.Digest);
    }

    // Other tools push an index of one image too, for a machine that nobody here knows.
    [Theory]
    [InlineData("arm64")]
    [InlineData("s390x")]
    public async Task Nor_is_it_taken_from_an_index_that_has_none_for_this_platform(string architecture)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await bench.PushAsync("first");
        var child = (await bench.Ecr.FindImageAsync("first", Token))!;
        var index = Encoding.UTF8.GetBytes($$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciIndex}}}","manifests":[
              {"mediaType":"{{{child.MediaType}}}","digest":"{{{first.Digest}}}","size":{{{child.Manifest.Length}}},"platform":{"os":"linux","architecture":"{{{architecture}}}"}}]}
            """);
        await bench.Client.PutManifestAsync("v1", new ManifestDocument(MediaTypes.OciIndex, index), Token);
        bench.App.Write("Shop.dll", "another").Starts = "Admin.dll";

        await Assert.ThrowsAsync<PushException>(() => bench.PushAsync("v1"));
    }

    [Fact]
    public async Task A_base_of_then_that_is_gone_is_replaced_by_what_its_name_says_now()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await bench.PushAsync("v1");
        BaseSeed.PutImage(bench.Bases, "10.0", "a newer base");
        Assert.True(bench.Bases.Manifests.TryRemove(first.BaseImages[0].Split('@')[1], out _));

        var again = await bench.PushAsync("v1");

        Assert.NotEqual(first.BaseImages, again.BaseImages);
    }

    [Fact]
    public async Task A_moving_tag_neither_holds_the_base_nor_guards_another_app()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await bench.PushAsync("v1", "latest");
        BaseSeed.PutImage(bench.Bases, "10.0", "a newer base");
        bench.App.Starts = "Renamed.dll";

        var next = await bench.PushAsync("v2", "latest");

        Assert.NotEqual(first.BaseImages, next.BaseImages);
        Assert.Equal(next.Digest, (await bench.Ecr.FindImageAsync("latest", Token))?.Digest);
    }

    private static IReadOnlyList<Platform> Parse(string text) => [.. text.Split(' ').Select(word => Platform.TryParse(word, out var platform) ? platform : throw new ArgumentException(word))];
}
