using EcsDeploy;
using System.Text;
using EcsDeploy.Delivery;
using EcsDeploy.Oci;
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

    // An engine reads what an image is for in its configuration where the index does not say it.
    [Fact]
    public void The_children_of_an_index_are_the_images_in_it_that_ECS_can_run()
    {
        string[] platforms =
        [
            "", """, "platform": {"os":"windows","architecture":"amd64"}""", """, "platform": {"os":"unknown","architecture":"unknown"}""",
            """, "platform": {"os":"linux","architecture":"arm64","variant":"v8"}""", """, "platform": {"os":"linux","architecture":"amd64"}""", """, "platform": {"os":"linux","architecture":"amd64"}""",
        ];
        var children = platforms.Select((platform, index) => $$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"sha256:{{new string((char)('0' + Math.Min(index, 4)), 64)}}","size":1{{platform}}}""");

        var parsed = ImageIndex.Parse(Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":[{{string.Join(',', children)}}]}"""));

        Assert.Equal("340", string.Concat(parsed.Images.Select(image => image.Hex[0])));
    }
}
