using EcsDeploy.Ecr;
using Pipe.Tests.Delivery;
using Xunit;

namespace Pipe.Tests.Ecr;

/// <summary>Where a digest has succeeded, as its tags tell it.</summary>
public sealed class PromotionRecordTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_success_is_recorded_on_the_digest()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var image = await bench.PushAsync("v1");
        var records = new PromotionRecords(bench.Ecr);

        var tag = await records.WriteAsync(image.Digest, "dev", "7", _ => { }, Token);

        Assert.Equal("env-dev-7", tag?.Text);
        Assert.True(await records.HasAsync(image.Digest, "dev", Token));
        Assert.False(await records.HasAsync(image.Digest, "de", Token));
        Assert.False(await records.HasAsync(image.Digest, "production", Token));
    }

    [Fact]
    public async Task A_record_is_never_taken_from_another_digest()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await bench.PushAsync("v1");
        bench.App.Write("Shop.dll", "version 2");
        var second = await bench.PushAsync("v2");
        var records = new PromotionRecords(bench.Ecr);

        await records.WriteAsync(first.Digest, "dev", "7", _ => { }, Token);
        await records.WriteAsync(first.Digest, "dev", "7", _ => { }, Token);
        var tag = await records.WriteAsync(second.Digest, "dev", "7", _ => { }, Token);

        Assert.Equal("env-dev-7.2", tag?.Text);
        Assert.True(await records.HasAsync(first.Digest, "dev", Token));
    }

    [Fact]
    public async Task What_the_latest_record_says_is_not_written_again()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var image = await bench.PushAsync("v1");
        var records = new PromotionRecords(bench.Ecr);
        await records.WriteAsync(image.Digest, "dev", "7", _ => { }, Token);

        Assert.Null(await records.WriteAsync(image.Digest, "dev", "9", _ => { }, Token));
    }

    [Theory]
    [InlineData("43", "env-dev-43")]
    [InlineData("42", "env-dev-42.2")]
    [InlineData("41", "env-dev-42.2")]
    [InlineData("local", "env-dev-42.2")]
    public async Task A_digest_that_comes_back_is_the_latest_again_whatever_build_brings_it(string build, string tag)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await bench.PushAsync("v1");
        bench.App.Write("Shop.dll", "version 2");
        var second = await bench.PushAsync("v2");
        var records = new PromotionRecords(bench.Ecr);
        await records.WriteAsync(first.Digest, "dev", "41", _ => { }, Token);
        await records.WriteAsync(second.Digest, "dev", "42", _ => { }, Token);

        Assert.Equal(tag, (await records.WriteAsync(first.Digest, "dev", build, _ => { }, Token))?.Text);

        Assert.Equal(first.Digest, (await records.LatestAsync("dev", Token))[0].Digest);
        Assert.Equal([first.Digest, second.Digest, first.Digest], (await records.LatestAsync("dev", Token)).Select(record => record.Digest));
    }

    [Fact]
    public async Task The_latest_success_comes_first()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await bench.PushAsync("v1");
        bench.App.Write("Shop.dll", "version 2");
        var second = await bench.PushAsync("v2");
        var records = new PromotionRecords(bench.Ecr);
        await records.WriteAsync(first.Digest, "QA EU", "9", _ => { }, Token);
        await records.WriteAsync(second.Digest, "QA EU", "10", _ => { }, Token);
        await records.WriteAsync(second.Digest, "QA", "11", _ => { }, Token);

        var latest = await records.LatestAsync("QA EU", Token);

        Assert.Equal([("env-QA-EU-10", second.Digest), ("env-QA-EU-9", first.Digest)], latest.Select(record => (record.Tag, record.Digest)));
    }
}
