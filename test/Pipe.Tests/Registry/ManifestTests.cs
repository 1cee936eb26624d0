using System.Text;
using EcsDeploy.Oci;
using EcsDeploy.Registry;
using Xunit;

namespace Pipe.Tests.Registry;

/// <summary>Manifests and blobs as they are read, put and distrusted.</summary>
public sealed class ManifestTests
{
    private static readonly ManifestDocument Manifest = new(MediaTypes.OciManifest, """{"schemaVersion":2}"""u8.ToArray());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MediaTypes.OciManifest, false)]
    [InlineData(MediaTypes.OciIndex, true)]
    [InlineData(MediaTypes.DockerManifest, false)]
    [InlineData(MediaTypes.DockerManifestList, true)]
    public async Task What_is_put_comes_back_byte_for_byte(string type, bool index)
    {
        await using var bench = await RegistryBench.StartAsync();
        var client = bench.Client();
        var manifest = new ManifestDocument(type, Manifest.Content);

        await client.PutManifestAsync(manifest.Digest.Text, manifest, Token);
        var found = await client.GetManifestAsync(manifest.Digest.Text, Token);

        Assert.Equal(manifest.Content, found.Content);
        Assert.Equal((type, index), (found.MediaType, found.IsIndex));
    }

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        await using var bench = await RegistryBench.StartAsync();

        Assert.Null(await bench.Client().FindManifestAsync("1.0", Token));
    }

    [Fact]
    public async Task A_registry_that_does_not_say_the_digest_is_believed_by_its_bytes()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Manifests["1.0"] = (MediaTypes.OciManifest, Manifest.Content);

        Assert.Equal(Manifest.Digest, (await bench.Client().GetManifestAsync("1.0", Token)).Digest);
    }

    [Fact]
    public async Task A_manifest_that_is_not_what_its_digest_says_is_refused()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Manifests[Manifest.Digest.Text] = (MediaTypes.OciManifest, "{}"u8.ToArray());

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client().GetManifestAsync(Manifest.Digest.Text, Token));

        Assert.Contains("changed or damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_never_ends_is_given_up()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Manifests["1.0"] = (MediaTypes.OciManifest, new byte[5_000_000]);

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client().GetManifestAsync("1.0", Token));

        Assert.Contains("is longer than", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the right bytes", null)]
    [InlineData("the wrong bytes", "changed or damaged")]
    [InlineData("the right", "ended after 9 of 15 bytes")]
    [InlineData("the right bytes and more", "longer than the 15 bytes")]
    public async Task A_blob_is_only_what_its_digest_and_length_say(string kept, string? complaint)
    {
        await using var bench = await RegistryBench.StartAsync();
        var blob = RegistryBench.DescriptorOf("the right bytes"u8.ToArray());
        bench.Registry.Blobs[blob.Digest.Text] = Encoding.UTF8.GetBytes(kept);

        var failure = await Record.ExceptionAsync(() => bench.Client().ReadBlobAsync(blob, Token));

        Assert.Equal(complaint is null, failure is null);
        Assert.Contains(complaint ?? "", failure?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_goes_from_registry_to_registry_and_is_begun_anew_when_the_source_breaks_off()
    {
        await using var source = await RegistryBench.StartAsync();
        await using var target = await RegistryBench.StartAsync();
        var content = new byte[400_000];
        var blob = RegistryBench.DescriptorOf(content);
        source.Registry.Blobs[blob.Digest.Text] = content;
        var left = 1;
        source.Registry.Script = async context =>
        {
            var cut = Interlocked.Decrement(ref left) == 0;
            if (cut)
            {
                context.Response.ContentLength = content.Length;
                await context.Response.Body.WriteAsync(content.AsMemory(0, 200_000), Token);
                await context.Response.Body.FlushAsync(Token);
                context.Abort();
            }

            return cut;
        };

        var outcome = await target.Client().PushBlobAsync(new BlobSource(blob, token => source.Client().OpenBlobAsync(blob, token)), Token);

        Assert.Equal(BlobOutcome.Sent, outcome);
        Assert.Equal(content, target.Registry.Blobs[blob.Digest.Text]);
    }

    [Fact]
    public async Task A_blob_that_was_changed_at_its_source_does_not_arrive()
    {
        await using var source = await RegistryBench.StartAsync();
        await using var target = await RegistryBench.StartAsync();
        var blob = RegistryBench.DescriptorOf(new byte[400_000]);
        source.Registry.Blobs[blob.Digest.Text] = [.. Enumerable.Repeat((byte)1, 400_000)];

        var failure = await Assert.ThrowsAsync<RegistryException>(() =>
            target.Client().PushBlobAsync(new BlobSource(blob, token => source.Client().OpenBlobAsync(blob, token)), Token));

        Assert.Contains("changed or damaged", failure.Message, StringComparison.Ordinal);
        Assert.Empty(target.Registry.Blobs);
    }
}
