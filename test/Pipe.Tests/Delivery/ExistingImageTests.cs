using EcsDeploy;
using EcsDeploy.Delivery;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>Images that are there already.</summary>
public sealed class ExistingImageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_is_found_by_tag_and_by_digest()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var pushed = await bench.PushAsync("v1");
        var existing = new ExistingImage(bench.Ecr);

        Assert.Equal(pushed.Reference, (await existing.FindAsync("v1", Token)).Reference);
        Assert.Equal(pushed.Reference, (await existing.FindAsync(pushed.Digest.Text, Token)).Reference);
    }

    [Theory]
    [InlineData("v2", "There is no image 'v2'")]
    [InlineData("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "There is no image")]
    [InlineData("no tag", "names no image")]
    public async Task An_image_that_is_not_there_is_named(string reference, string complaint)
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<ImageNotFoundException>(() => new ExistingImage(bench.Ecr).FindAsync(reference, Token));

        Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Settings, failure.ExitCode);
    }
}
