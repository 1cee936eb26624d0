using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Ecr;
using Xunit;

namespace Sandbox.Tests.Ecr;

/// <summary>Lists whose pages a test makes smaller, and the images that refer to another.</summary>
public class PagingTests
{
    private const string Signature = "application/vnd.example.signature";
    private const string Bill = "application/vnd.example.sbom";

    [Theory]
    [InlineData("ListImages", "imageIds")]
    [InlineData("DescribeImages", "imageDetails")]
    public async Task A_smaller_page_ends_nothing_early_and_repeats_nothing(string operation, string member)
    {
        // API ListImages: nextToken is null when there are no more results, and a page may hold fewer than maxResults.
        using var ecr = new EcrFixture();
        ecr.Habits.PageSize = 2;
        var digests = Enumerable.Range(0, 5).Select(i => new SampleImage { Content = $"{i}" }.PutInto(ecr.Shop, $"t{i}")).Order(StringComparer.Ordinal).ToList();

        var seen = new List<string>();
        var input = new JsonObject { ["repositoryName"] = "shop", ["maxResults"] = 1000 };
        for (JsonObject? page = null; page is null || page["nextToken"] is not null; input["nextToken"] = page["nextToken"]?.DeepClone())
        {
            page = await ecr.CallAsync(operation, input.ToJsonString());
            Assert.InRange(page[member]!.AsArray().Count, 1, 2);
            seen.AddRange(page[member]!.AsArray().Select(image => (string)image!["imageDigest"]!));
        }

        Assert.Equal(digests, seen);
        input["nextToken"] = "guessed";
        Assert.Equal("InvalidParameterException", (await ecr.FailAsync(operation, input.ToJsonString())).Code);
    }

    [Fact]
    public async Task Referrers_are_listed_by_subject_and_type()
    {
        // API ListImageReferrers: 20 unless asked for, at most 50.
        using var ecr = new EcrFixture();
        var subject = new SampleImage().PutInto(ecr.Shop, "v1");
        var signature = Refer(ecr.Shop, subject, Signature);
        var bill = Refer(ecr.Shop, subject, Bill);
        Refer(ecr.Shop, new SampleImage { Content = "2" }.PutInto(ecr.Shop), Bill);

        var all = await ListAsync(ecr, subject, "");
        var bills = await ListAsync(ecr, subject, $$""","filter":{"artifactTypes":["{{Bill}}"]}""");
        var none = await ListAsync(ecr, signature, "");
        var tooMany = await ecr.FailAsync("ListImageReferrers", $$"""{"repositoryName":"shop","subjectId":{"imageDigest":"{{subject}}"},"maxResults":51}""");

        Assert.Equal(new[] { signature, bill }.Order(StringComparer.Ordinal), all.Select(item => (string)item!["digest"]!));
        var only = Assert.Single(bills)!;
        Assert.Equal((bill, Bill, "ACTIVE"), ((string?)only["digest"], (string?)only["artifactType"], (string?)only["artifactStatus"]));
        Assert.Equal("v", (string?)only["annotations"]!["k"]);
        Assert.Empty(none);
        Assert.Equal("InvalidParameterException", tooMany.Code);
    }

    [Fact]
    public async Task Referrers_need_the_permission_to_get_images()
    {
        // API ListImageReferrers: there is no action of that name.
        using var ecr = new EcrFixture();
        var subject = new SampleImage().PutInto(ecr.Shop, "v1");
        ecr.Authorizer.Denied.Add("ecr:ListImageReferrers");
        Assert.Empty(await ListAsync(ecr, subject, ""));
        ecr.Authorizer.Denied.Add("ecr:BatchGetImage");

        Assert.Equal("AccessDeniedException", (await ecr.FailAsync("ListImageReferrers", $$"""{"repositoryName":"shop","subjectId":{"imageDigest":"{{subject}}"} }""")).Code);
    }

    private static async Task<JsonArray> ListAsync(EcrFixture ecr, string subject, string filter) =>
        (await ecr.CallAsync("ListImageReferrers", $$"""{"repositoryName":"shop","subjectId":{"imageDigest":"{{subject}}"}{{filter}} }"""))["referrers"]!.AsArray();

    /// <summary>Puts an artifact about an image into its repository.</summary>
    internal static string Refer(Repository repository, string subject, string type)
    {
        var about = repository.Find(subject)!.Document;
        var manifest = JsonNode.Parse(about.Content)!;
        manifest["artifactType"] = type;
        manifest["annotations"] = new JsonObject { ["k"] = "v" };
        manifest["subject"] = new JsonObject { ["mediaType"] = about.MediaType, ["digest"] = subject, ["size"] = about.Content.Length };
        var document = ManifestDocument.Parse(Encoding.UTF8.GetBytes(manifest.ToJsonString()), null);
        repository.Put(document, null);
        return document.Digest;
    }
}
