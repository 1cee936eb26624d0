using System.Text.Json.Nodes;
using Sandbox.Ecr;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Ecr;

/// <summary>Settings through the API, as they are kept and given back.</summary>
public class RepositorySettingsTests
{
    private const string Expire = """{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}""";

    [Theory]
    [InlineData($"arn:aws:iam::{DefaultWorld.Dev}:root", true)]
    [InlineData(DefaultWorld.Dev, true)]
    [InlineData($"arn:aws:iam::{DefaultWorld.Dev}:role/task-execution", true)]
    [InlineData($"arn:aws:iam::{DefaultWorld.Dev}:user/admin", true)]
    [InlineData($"arn:aws:sts::{DefaultWorld.Dev}:assumed-role/deploy/step", true)]
    [InlineData("arn:aws:iam::444444444444:root", false)]
    [InlineData($"arn:aws:iam::{DefaultWorld.Dev}:role/nobody", false)]
    [InlineData($"arn:aws:iam::{DefaultWorld.Dev}:user/nobody", false)]
    [InlineData($"arn:aws:s3::{DefaultWorld.Dev}:role/deploy", false)]
    public async Task A_repository_policy_names_who_exists(string principal, bool exists)
    {
        // terraform-provider-aws#39064: a role that is not there yet.
        using var ecr = new EcrFixture();
        var policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["{{principal}}"]},"Action":"ecr:BatchGetImage"}]}""";
        var input = Input("policyText", policy);

        if (exists)
        {
            Assert.Equal(policy, (string?)(await ecr.CallAsync("SetRepositoryPolicy", input))["policyText"]);
        }
        else
        {
            var before = ecr.Shop.Settings.Policy;
            Assert.Equal("Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not found'", (await ecr.FailAsync("SetRepositoryPolicy", input)).Message);
            Assert.Equal(before, ecr.Shop.Settings.Policy);
        }
    }

    [Fact]
    public async Task A_lifecycle_policy_is_kept_given_back_and_deleted()
    {
        // API PutLifecyclePolicy, GetLifecyclePolicy, DeleteLifecyclePolicy.
        using var ecr = new EcrFixture();
        const string shop = """{"repositoryName":"shop"}""";
        var none = await ecr.FailAsync("GetLifecyclePolicy", shop);
        await ecr.CallAsync("PutLifecyclePolicy", Input("lifecyclePolicyText", Expire));
        var bad = await ecr.FailAsync("PutLifecyclePolicy", Input("lifecyclePolicyText", Expire.Replace("14", "0", StringComparison.Ordinal)));
        var kept = await ecr.CallAsync("GetLifecyclePolicy", shop);
        await ecr.CallAsync("DeleteLifecyclePolicy", shop);

        Assert.Equal("LifecyclePolicyNotFoundException", none.Code);
        Assert.StartsWith("Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure:", bad.Message, StringComparison.Ordinal);
        Assert.Equal(Expire, (string?)kept["lifecyclePolicyText"]);
        Assert.Equal("LifecyclePolicyNotFoundException", (await ecr.FailAsync("DeleteLifecyclePolicy", shop)).Code);
    }

    [Theory]
    [InlineData("""{"imageTagMutability":"IMMUTABLE"}""", true)]
    [InlineData("""{"imageTagMutability":"MUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":[{"filterType":"WILDCARD","filter":"v*"}]}""", true)]
    [InlineData("""{"imageTagMutability":"IMMUTABLE","imageTagMutabilityExclusionFilters":[{"filterType":"WILDCARD","filter":"v*"}]}""", false)]
    [InlineData("""{"imageTagMutability":"IMMUTABLE_WITH_EXCLUSION"}""", false)]
    [InlineData("""{"imageTagMutability":"IMMUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":[{"filterType":"WILDCARD","filter":"a b"}]}""", false)]
    [InlineData("""{"imageTagMutability":"SOMETIMES"}""", false)]
    public async Task Mutability_is_set_with_the_filters_that_its_mode_takes(string settings, bool valid)
    {
        // API PutImageTagMutability: one to five filters, with the two modes that have exclusions.
        using var ecr = new EcrFixture();
        var input = JsonNode.Parse(settings)!;
        input["repositoryName"] = "shop";

        if (!valid)
        {
            Assert.Equal("InvalidParameterException", (await ecr.FailAsync("PutImageTagMutability", input.ToJsonString())).Code);
            Assert.Equal("MUTABLE", ecr.Shop.Settings.Mutability.Mode);
            return;
        }

        await ecr.CallAsync("PutImageTagMutability", input.ToJsonString());
        var described = (await ecr.CallAsync("DescribeRepositories", """{"repositoryNames":["shop"]}"""))["repositories"]![0]!;
        Assert.Equal((string?)input["imageTagMutability"], (string?)described["imageTagMutability"]);
        Assert.True(JsonNode.DeepEquals(input["imageTagMutabilityExclusionFilters"], described["imageTagMutabilityExclusionFilters"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_push_is_scanned_where_that_is_set(bool scans)
    {
        // API PutImageScanningConfiguration, scanOnPush.
        using var ecr = new EcrFixture();
        await ecr.CallAsync("PutImageScanningConfiguration", $$"""{"repositoryName":"shop","imageScanningConfiguration":{"scanOnPush":{{(scans ? "true" : "false")}}} }""");
        new SampleImage().PutInto(ecr.Shop, "v1");
        const string image = """{"repositoryName":"shop","imageId":{"imageTag":"v1"} }""";

        if (scans)
        {
            Assert.Equal("IN_PROGRESS", (string?)(await ecr.CallAsync("DescribeImageScanFindings", image))["imageScanStatus"]!["status"]);
        }
        else
        {
            Assert.Equal("ScanNotFoundException", (await ecr.FailAsync("DescribeImageScanFindings", image)).Code);
        }
    }

    private static string Input(string member, string text) => new JsonObject { ["repositoryName"] = "shop", [member] = text }.ToJsonString();
}
