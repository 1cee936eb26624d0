using EcsDeploy.Delivery;
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
}
