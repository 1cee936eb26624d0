using EcsDeploy.Ecr;
using EcsDeploy.Names;
using Pipe.Tests.Delivery;
using Xunit;

namespace Pipe.Tests.Ecr;

/// <summary>ECR's own API at its limits.</summary>
public sealed class EcrClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_token_is_a_login_and_is_known_to_the_redactor()
    {
        await using var bench = await DeliveryBench.StartAsync();

        var login = await bench.Ecr.LoginAsync(Token);

        Assert.Equal("AWS", login.UserName);
        Assert.Equal("a *** b", bench.Redactor.Redact($"a {login.Password.Reveal()} b"));
    }

    // 100 digests a call (ECR API reference, BatchCheckLayerAvailability).
    [Fact]
    public async Task Layers_are_asked_for_by_the_hundred()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var image = await bench.PushAsync("v1");
        var layers = Enumerable.Range(0, 150).Select(number => Digest.Of([(byte)number])).Append(image.Layers[0].Digest);

        var found = await bench.Ecr.FindLayersAsync(layers, Token);

        Assert.Equal([image.Layers[0].Digest], found);
        Assert.Equal(2, bench.Sandbox.Requests.Count(request => request.Operation == "BatchCheckLayerAvailability" && request.CallerArn!.Contains("ecr-push", StringComparison.Ordinal)) - 1);
    }

    [Fact]
    public async Task Images_that_are_not_there_are_passed_over()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var image = await bench.PushAsync("v1");

        var found = await bench.Ecr.FindImagesAsync(["v0", "v1", image.Digest.Text, Digest.Of([1]).Text], Token);

        Assert.All(found, entry => Assert.Equal(image.Digest, entry.Digest));
        Assert.Contains(found, entry => entry.Tag?.Text == "v1");
    }

    [Theory]
    [InlineData("shop", true)]
    [InlineData("nowhere", false)]
    public async Task A_repository_is_there_or_not(string name, bool there)
    {
        await using var bench = await DeliveryBench.StartAsync();
        bench.Repository = DeliveryBench.Parse(name);

        Assert.Equal(there, await bench.Ecr.Repositories.ExistsAsync(Token));
        if (!there)
        {
            Assert.True((await Assert.ThrowsAsync<EcrException>(() => bench.Ecr.FindImageAsync("v1", Token))).IsRepositoryMissing);
        }
    }

    [Fact]
    public async Task Tags_are_listed_over_all_pages()
    {
        await using var bench = await DeliveryBench.StartAsync(pageSize: 2);
        var image = await bench.PushAsync("a", "b", "c", "d", "e");

        var tags = await bench.Ecr.ListTagsAsync(Token);

        Assert.Equal(["a", "b", "c", "d", "e"], tags.Where(tag => tag.Value == image.Digest).Select(tag => tag.Key).Order());
    }
}
