using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Ecr;
using Xunit;

namespace Sandbox.Tests.Registry;

public class ManifestTests
{
    [Theory]
    [InlineData(ManifestDocument.OciManifest)]
    [InlineData(ManifestDocument.DockerManifest)]
    public async Task What_goes_in_by_tag_comes_out_by_tag_and_digest(string mediaType)
    {
        await using var host = await RegistryHost.StartAsync();
        var manifest = await ManifestAsync(host, mediaType);
        using var put = await host.PutManifestAsync("v1", manifest, mediaType);
        var digest = Assert.Single(put.Headers.GetValues("Docker-Content-Digest"));

        using var byTag = await host.SendAsync(HttpMethod.Get, "/v2/shop/manifests/v1");
        using var byDigest = await host.SendAsync(HttpMethod.Get, $"/v2/shop/manifests/{digest}");
        using var head = await host.SendAsync(HttpMethod.Head, "/v2/shop/manifests/v1");

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(Digests.Of(Encoding.UTF8.GetBytes(manifest)), digest);
        Assert.Equal(manifest, await byTag.TextAsync());
        Assert.Equal(manifest, await byDigest.TextAsync());
        Assert.Equal(mediaType, byTag.Content.Headers.ContentType!.MediaType);
        Assert.Equal(manifest.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_sample_image_may_be_in_Dockers_format_of_before_OCI()
    {
        await using var host = await RegistryHost.StartAsync();
        new SampleImage { IsDocker = true }.PutInto(host.Ecr.Registry.Get("shop"), "old");

        using var answer = await host.SendAsync(HttpMethod.Get, "/v2/shop/manifests/old");

        Assert.Equal(ManifestDocument.DockerManifest, answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("application/vnd.docker.image.rootfs.diff.tar.gzip", await answer.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_unknown()
    {
        // ECR user guide, common errors.
        await using var host = await RegistryHost.StartAsync();

        using var answer = await host.SendAsync(HttpMethod.Get, "/v2/shop/manifests/none");
        using var repository = await host.SendAsync(HttpMethod.Get, "/v2/nowhere/manifests/none");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("MANIFEST_UNKNOWN: Requested image not found", await answer.ErrorAsync());
        Assert.StartsWith("NAME_UNKNOWN", await repository.ErrorAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_must_be_there_first()
    {
        // ecs-conex#50.
        await using var host = await RegistryHost.StartAsync();
        var (config, layer) = (await host.PushBlobAsync("{}"u8.ToArray()), Digests.Of([7]));

        using var answer = await host.PutManifestAsync("v1", Manifest(ManifestDocument.OciManifest, config, layer), ManifestDocument.OciManifest);

        Assert.Equal(
            $"BLOB_UPLOAD_UNKNOWN: Layers with digests '[{layer}]' required for pushing image into repository with name 'shop' in the registry with id '111111111111' do not exist",
            await answer.ErrorAsync());
    }

    [Theory]
    [InlineData(ManifestDocument.OciIndex)]
    [InlineData(ManifestDocument.DockerList)]
    public async Task Children_of_an_index_must_be_there_first(string mediaType)
    {
        // docker-manifest-create-action#63.
        await using var host = await RegistryHost.StartAsync();
        var child = new SampleImage().PutInto(host.Ecr.Shop);
        var missing = Digests.Of([7]);

        using var without = await host.PutManifestAsync("v1", Index(mediaType, child, missing), mediaType);
        using var with = await host.PutManifestAsync("v1", Index(mediaType, child), mediaType);

        Assert.Equal(
            $"MANIFEST_BLOB_UNKNOWN: Images with digests '[{missing}]' required for pushing image into repository with name 'shop' in the registry with id '111111111111' do not exist",
            await without.ErrorAsync());
        Assert.Equal(HttpStatusCode.Created, with.StatusCode);
    }

    [Fact]
    public async Task A_manifest_pushed_by_digest_must_have_that_digest()
    {
        // go-containerregistry#1568.
        await using var host = await RegistryHost.StartAsync();
        var manifest = await ManifestAsync(host, ManifestDocument.OciManifest);
        var (right, wrong) = (Digests.Of(Encoding.UTF8.GetBytes(manifest)), Digests.Of([7]));

        using var refused = await host.PutManifestAsync(wrong, manifest, ManifestDocument.OciManifest);
        using var taken = await host.PutManifestAsync(right, manifest, ManifestDocument.OciManifest);

        Assert.Equal(
            $"MANIFEST_INVALID: The image with digest '{wrong}' in repository 'shop' and registry ID '111111111111' does not match the image digest that Amazon ECR has calculated.",
            await refused.ErrorAsync());
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
    }

    [Theory]
    [InlineData("MUTABLE", "", "v1", true)]
    [InlineData("IMMUTABLE", "", "v1", false)]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "latest*", "latest", true)]
    [InlineData("IMMUTABLE_WITH_EXCLUSION", "latest*", "v1", false)]
    [InlineData("MUTABLE_WITH_EXCLUSION", "v*", "latest", true)]
    [InlineData("MUTABLE_WITH_EXCLUSION", "v*", "v1", false)]
    public async Task A_tag_moves_only_where_the_repository_lets_it(string mode, string exclusion, string tag, bool moves)
    {
        // buildkit#3776; API PutImageTagMutability. The same digest is refused too: containers-roadmap#2380.
        await using var host = await RegistryHost.StartAsync();
        var shop = host.Ecr.Shop;
        shop.Change(settings => settings with { Mutability = new TagMutability(mode, exclusion.Length > 0 ? [exclusion] : []) });
        var (first, second) = (new SampleImage().PutInto(shop, tag), new SampleImage { Content = "2" }.PutInto(shop));

        using var same = await host.PutManifestAsync(tag, Text(shop, first), ManifestDocument.OciManifest);
        using var other = await host.PutManifestAsync(tag, Text(shop, second), ManifestDocument.OciManifest);

        Assert.Equal(moves ? second : first, shop.Find(tag)!.Digest);
        Assert.Equal(moves, same.IsSuccessStatusCode);
        Assert.Equal(moves, other.IsSuccessStatusCode);
        if (!moves)
        {
            Assert.Equal(
                $"TAG_INVALID: The image tag '{tag}' already exists in the 'shop' repository and cannot be overwritten because the repository is immutable.",
                await same.ErrorAsync());
        }
    }

    [Fact]
    public async Task An_image_has_at_most_a_thousand_tags()
    {
        // cht-core#11099.
        await using var host = await RegistryHost.StartAsync();
        var digest = new SampleImage().PutInto(host.Ecr.Shop, "0");
        var document = host.Ecr.Shop.Find(digest)!.Document;
        for (var i = 1; i < 1000; i++)
        {
            Assert.True(host.Ecr.Shop.Put(document, $"{i}"));
        }

        using var answer = await host.PutManifestAsync("1000", Text(host.Ecr.Shop, digest), ManifestDocument.OciManifest);

        Assert.Equal(
            "DENIED: Adding tag '1000' to an image in the repository with name 'shop' in registry with id '111111111111' exceeds the maximum allowed number of tags per image which is '1000'",
            await answer.ErrorAsync());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"schemaVersion":1,"config":{},"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"schemaVersion":2}""")]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:zz","size":1},"layers":[]}""")]
    public async Task A_manifest_that_cannot_be_read_is_unsupported(string manifest)
    {
        // apko#450.
        await using var host = await RegistryHost.StartAsync();

        using var answer = await host.PutManifestAsync("v1", manifest, ManifestDocument.OciManifest);

        Assert.Equal("UNSUPPORTED: Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'", await answer.ErrorAsync());
    }

    [Fact]
    public async Task A_manifest_has_at_most_4_MiB()
    {
        await using var host = await RegistryHost.StartAsync();

        using var answer = await host.PutManifestAsync("v1", new string(' ', 4_194_305), ManifestDocument.OciManifest);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("MANIFEST_INVALID", await answer.ErrorAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> ManifestAsync(RegistryHost host, string mediaType) =>
        Manifest(mediaType, await host.PushBlobAsync("{}"u8.ToArray()), await host.PushBlobAsync([1]));

    private static string Manifest(string mediaType, string config, string layer) =>
        $$"""{"schemaVersion":2,"mediaType":"{{mediaType}}","config":{"mediaType":"c","digest":"{{config}}","size":2},"layers":[{"mediaType":"l","digest":"{{layer}}","size":1}]}""";

    private static string Index(string mediaType, params IReadOnlyList<string> children)
    {
        var manifests = children.Select(child => (JsonNode)new JsonObject { ["mediaType"] = ManifestDocument.OciManifest, ["digest"] = child, ["size"] = 1 });
        return new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = mediaType, ["manifests"] = new JsonArray([.. manifests]) }.ToJsonString();
    }

    private static string Text(Repository repository, string digest) => Encoding.UTF8.GetString(repository.Find(digest)!.Document.Content);
}
