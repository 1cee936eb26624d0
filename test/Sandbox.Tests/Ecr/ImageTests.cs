using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Ecr;
using Xunit;

namespace Sandbox.Tests.Ecr;

public class ImageTests
{
    [Fact]
    public async Task A_retag_is_the_same_manifest_under_another_tag()
    {
        // ECR user guide, image retag.
        using var ecr = new EcrFixture();
        var digest = new SampleImage().PutInto(ecr.Shop, "v1");
        var got = await ecr.CallAsync("BatchGetImage", """{"repositoryName":"shop","imageIds":[{"imageTag":"v1"}]}""");
        var image = got["images"]![0]!;

        var put = await ecr.CallAsync("PutImage", Put((string)image["imageManifest"]!, "stable"));

        Assert.Equal(digest, (string?)put["image"]!["imageId"]!["imageDigest"]);
        Assert.Equal(["stable", "v1"], ecr.Shop.Find(digest)!.Tags);
    }

    [Fact]
    public async Task The_same_image_under_the_same_tag_is_refused()
    {
        // ecr-buildkite-plugin#111.
        using var ecr = new EcrFixture();
        var digest = new SampleImage().PutInto(ecr.Shop, "v1");
        var text = Encoding.UTF8.GetString(ecr.Shop.Find(digest)!.Document.Content);

        var same = await ecr.FailAsync("PutImage", Put(text, "v1"));

        Assert.Equal("ImageAlreadyExistsException", same.Code);
        Assert.Equal($"Image with digest '{digest}' and tag 'v1' already exists in the repository with name 'shop' in registry with id '111111111111'", same.Message);
    }

    [Theory]
    [InlineData(false, "ImageAlreadyExistsException")]
    [InlineData(true, "ImageTagAlreadyExistsException")]
    public async Task An_immutable_tag_refuses_its_own_image_in_one_of_two_ways(bool conflict, string code)
    {
        // aws-sdk#750: both were reported.
        using var ecr = new EcrFixture();
        ecr.Habits.SameImageIsTagConflict = conflict;
        ecr.Shop.Change(settings => settings with { Mutability = TagMutability.Immutable });
        var digest = new SampleImage().PutInto(ecr.Shop, "v1");
        var text = Encoding.UTF8.GetString(ecr.Shop.Find(digest)!.Document.Content);

        Assert.Equal(code, (await ecr.FailAsync("PutImage", Put(text, "v1"))).Code);
    }

    [Fact]
    public async Task A_digest_that_is_said_must_be_right()
    {
        using var ecr = new EcrFixture();
        var digest = new SampleImage().PutInto(ecr.Shop);
        var input = JsonNode.Parse(Put(Encoding.UTF8.GetString(ecr.Shop.Find(digest)!.Document.Content), "v1"))!;
        input["imageDigest"] = Digests.Of([1]);
        var wrong = await ecr.FailAsync("PutImage", input.ToJsonString());
        input["imageDigest"] = digest;

        Assert.Equal("ImageDigestDoesNotMatchException", wrong.Code);
        await ecr.CallAsync("PutImage", input.ToJsonString());
    }

    [Theory]
    [InlineData("""{"imageTag":"none"}""", "ImageNotFound", "Requested image not found")]
    [InlineData("""{"imageDigest":"sha256:1"}""", "InvalidImageDigest", null)]
    [InlineData("""{"imageTag":"-"}""", "InvalidImageTag", null)]
    [InlineData("{}", "MissingDigestAndTag", null)]
    public async Task What_a_batch_does_not_find_is_a_failure_in_its_answer(string id, string code, string? reason)
    {
        using var ecr = new EcrFixture();

        var answer = await ecr.CallAsync("BatchGetImage", $$"""{"repositoryName":"shop","imageIds":[{{id}}]}""");

        Assert.Empty(answer["images"]!.AsArray());
        Assert.Equal(code, (string?)answer["failures"]![0]!["failureCode"]);
        Assert.Equal(reason ?? (string?)answer["failures"]![0]!["failureReason"], (string?)answer["failures"]![0]!["failureReason"]);
    }

    [Fact]
    public async Task What_DescribeImages_does_not_find_is_an_error()
    {
        using var ecr = new EcrFixture();

        var error = await ecr.FailAsync("DescribeImages", """{"repositoryName":"shop","imageIds":[{"imageTag":"none"}]}""");

        Assert.Equal("ImageNotFoundException", error.Code);
    }

    [Fact]
    public async Task The_registry_is_the_callers_own_unless_said()
    {
        // API registryId: "If you do not specify a registry, the default registry is assumed."
        using var ecr = new EcrFixture();
        var dev = EcrFixture.Pusher with { AccountId = "222222222222" };

        var forgotten = await ecr.FailAsync("DescribeImages", """{"repositoryName":"shop"}""", dev);
        await ecr.CallAsync("DescribeImages", """{"repositoryName":"shop","registryId":"111111111111"}""", dev);

        Assert.Equal("RepositoryNotFoundException", forgotten.Code);
        Assert.Equal("The repository with name 'shop' does not exist in the registry with id '222222222222'", forgotten.Message);
    }

    [Fact]
    public async Task An_image_goes_with_its_last_tag_but_not_from_under_an_index()
    {
        // API BatchDeleteImage.
        using var ecr = new EcrFixture();
        var child = new SampleImage().PutInto(ecr.Shop, "a");
        var index = SampleImage.PutIndexInto(ecr.Shop, new Dictionary<string, string> { ["linux/amd64"] = child }, "i");

        var held = await ecr.CallAsync("BatchDeleteImage", $$"""{"repositoryName":"shop","imageIds":[{"imageDigest":"{{child}}"}]}""");
        await ecr.CallAsync("BatchDeleteImage", """{"repositoryName":"shop","imageIds":[{"imageTag":"i"}]}""");
        await ecr.CallAsync("BatchDeleteImage", $$"""{"repositoryName":"shop","imageIds":[{"imageDigest":"{{child}}"}]}""");

        Assert.Equal("ImageReferencedByManifestList", (string?)held["failures"]![0]!["failureCode"]);
        Assert.Null(ecr.Shop.Find(index));
        Assert.Null(ecr.Shop.Find("a"));
    }

    [Fact]
    public async Task A_list_comes_in_pages()
    {
        using var ecr = new EcrFixture();
        for (var i = 0; i < 101; i++)
        {
            new SampleImage { Content = $"{i}" }.PutInto(ecr.Shop, $"t{i}");
        }

        var first = await ecr.CallAsync("ListImages", """{"repositoryName":"shop"}""");
        var second = await ecr.CallAsync("ListImages", $$"""{"repositoryName":"shop","nextToken":"{{first["nextToken"]}}"}""");
        var tooMany = await ecr.FailAsync("ListImages", """{"repositoryName":"shop","maxResults":1001}""");

        Assert.Equal(100, first["imageIds"]!.AsArray().Count);
        Assert.Single(second["imageIds"]!.AsArray());
        Assert.Null(second["nextToken"]);
        Assert.Equal("InvalidParameterException", tooMany.Code);
    }

    [Fact]
    public async Task Layers_are_available_unavailable_or_no_digest()
    {
        using var ecr = new EcrFixture();
        var layer = ecr.Shop.Find(new SampleImage().PutInto(ecr.Shop))!.Document.Layers[0].Digest;

        var answer = await ecr.CallAsync("BatchCheckLayerAvailability", $$"""{"repositoryName":"shop","layerDigests":["{{layer}}","{{Digests.Of([9])}}","x"]}""");
        var missing = await ecr.FailAsync("GetDownloadUrlForLayer", $$"""{"repositoryName":"shop","layerDigest":"{{Digests.Of([9])}}"}""");

        Assert.Equal(["AVAILABLE", "UNAVAILABLE"], answer["layers"]!.AsArray().Select(l => (string?)l!["layerAvailability"]));
        Assert.Equal("InvalidLayerDigest", (string?)answer["failures"]![0]!["failureCode"]);
        Assert.Equal("LayersNotFoundException", missing.Code);
    }

    [Fact]
    public async Task A_basic_scan_runs_for_its_time_and_then_tells_what_it_found()
    {
        using var ecr = new EcrFixture();
        var digest = new SampleImage().PutInto(ecr.Shop, "v1");
        ecr.Shop.Scans.Plan(digest, new ScanResult { Findings = [new JsonObject { ["name"] = "CVE-1", ["severity"] = "HIGH" }] });
        const string image = """{"repositoryName":"shop","imageId":{"imageTag":"v1"}}""";

        var none = await ecr.FailAsync("DescribeImageScanFindings", image);
        await ecr.CallAsync("StartImageScan", image);
        var again = await ecr.FailAsync("StartImageScan", image);
        var running = await ecr.CallAsync("DescribeImageScanFindings", image);
        ecr.Clock.Now += ecr.Habits.ScanDuration;
        var done = await ecr.CallAsync("DescribeImageScanFindings", image);

        Assert.Equal("ScanNotFoundException", none.Code);
        Assert.Equal("LimitExceededException", again.Code);
        Assert.Equal("IN_PROGRESS", (string?)running["imageScanStatus"]!["status"]);
        Assert.Equal("COMPLETE", (string?)done["imageScanStatus"]!["status"]);
        Assert.Equal(1, (int?)done["imageScanFindings"]!["findingSeverityCounts"]!["HIGH"]);
    }

    [Fact]
    public async Task An_enhanced_scan_stays_active_and_an_index_cannot_be_scanned()
    {
        using var ecr = new EcrFixture();
        var index = SampleImage.PutIndexInto(ecr.Shop, new Dictionary<string, string> { ["linux/amd64"] = new SampleImage().PutInto(ecr.Shop) }, "i");
        var refused = await ecr.FailAsync("StartImageScan", $$"""{"repositoryName":"shop","imageId":{"imageDigest":"{{index}}"} }""");
        ecr.Registry.ScansAreEnhanced = true;
        var digest = new SampleImage { Content = "2" }.PutInto(ecr.Shop);
        ecr.Clock.Now += ecr.Habits.ScanDuration;

        var answer = await ecr.CallAsync("DescribeImageScanFindings", $$"""{"repositoryName":"shop","imageId":{"imageDigest":"{{digest}}"} }""");

        Assert.Equal("UnsupportedImageTypeException", refused.Code);
        Assert.Equal("ACTIVE", (string?)answer["imageScanStatus"]!["status"]);
    }

    private static string Put(string manifest, string tag) =>
        new JsonObject { ["repositoryName"] = "shop", ["imageManifest"] = manifest, ["imageTag"] = tag }.ToJsonString();
}
