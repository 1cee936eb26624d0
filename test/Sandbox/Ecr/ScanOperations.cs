using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>Starting scans and reading what they found.</summary>
internal sealed class ScanOperations(RepositoryAccess access)
{
    public Dictionary<string, Func<ApiCall, JsonObject>> All => new()
    {
        ["StartImageScan"] = Start,
        ["DescribeImageScanFindings"] = Describe,
    };

    private JsonObject Start(ApiCall call)
    {
        var repository = access.Open(call);
        var id = ImageId.From(call.Input["imageId"]);
        var image = ImageListOperations.Get(repository, id);
        repository.Scans.Start(image, id);
        return About(repository, image, id);
    }

    private JsonObject Describe(ApiCall call)
    {
        var repository = access.Open(call);
        var id = ImageId.From(call.Input["imageId"]);
        var image = ImageListOperations.Get(repository, id);
        if (image.ScanStartedAt is null)
        {
            throw EcrErrors.ScanNotFound(repository, id);
        }

        var answer = About(repository, image, id);
        if (repository.Scans.StatusOf(image) is "COMPLETE" or "ACTIVE")
        {
            answer["imageScanFindings"] = Findings(call, answer, repository, image);
        }

        return answer;
    }

    private JsonObject Findings(ApiCall call, JsonObject answer, Repository repository, StoredImage image)
    {
        var found = repository.Scans.ResultOf(image).Findings;
        var numbered = found.Select((finding, index) => (Key: index.ToString("d6", null), Finding: finding));
        var page = Page.Of(call, answer, numbered, item => item.Key, PageSize.Usual(access.Registries.Habits));
        var counts = new JsonObject();
        foreach (var group in found.GroupBy(finding => Input.Text(finding, "severity") ?? "UNDEFINED"))
        {
            counts[group.Key] = group.Count();
        }

        var completed = EcrJson.Time(repository.Scans.EndOf(image));
        return new JsonObject
        {
            ["imageScanCompletedAt"] = completed,
            ["vulnerabilitySourceUpdatedAt"] = completed,
            ["findingSeverityCounts"] = counts,
            [repository.Registry.ScansAreEnhanced ? "enhancedFindings" : "findings"] = EcrJson.Array(page.Select(item => item.Finding.DeepClone())),
        };
    }

    private static JsonObject About(Repository repository, StoredImage image, ImageId id)
    {
        var answer = EcrJson.About(repository);
        answer["imageId"] = new ImageId(image.Digest, id.Tag).ToJson();
        answer["imageScanStatus"] = new JsonObject
        {
            ["status"] = repository.Scans.StatusOf(image),
            ["description"] = repository.Scans.ResultOf(image).Description ?? "",
        };
        return answer;
    }
}
