using Sandbox.Authorization;
using Sandbox.Ecr;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Ecr;

public class ImagePullTests
{
    private const string Host = "111111111111.dkr.ecr.eu-west-1.amazonaws.com";

    [Fact]
    public void A_tag_is_resolved_to_its_digest_with_layers_on_disk()
    {
        using var ecr = new EcrFixture();
        var digest = new SampleImage().PutInto(ecr.Shop, "v1");

        var pulled = Assert.IsType<PullResult.Pulled>(ecr.Parts.Pull.Pull($"{Host}/shop:v1", EcrFixture.Pusher, "linux/amd64"));

        Assert.Equal((digest, digest), (pulled.Digest, pulled.ManifestDigest));
        Assert.Equal("amd64", (string?)pulled.Configuration["architecture"]);
        Assert.True(File.Exists(Assert.Single(pulled.Layers).Path));
    }

    [Fact]
    public void An_index_gives_the_manifest_of_the_platform_or_none()
    {
        using var ecr = new EcrFixture();
        var child = new SampleImage().PutInto(ecr.Shop);
        var index = SampleImage.PutIndexInto(ecr.Shop, new Dictionary<string, string> { ["linux/amd64"] = child });

        var right = Assert.IsType<PullResult.Pulled>(ecr.Parts.Pull.Pull($"{Host}/shop:ignored@{index}", EcrFixture.Pusher, "linux/amd64"));

        Assert.Equal((index, child), (right.Digest, right.ManifestDigest));
        Assert.IsType<PullResult.WrongPlatform>(ecr.Parts.Pull.Pull($"{Host}/shop@{index}", EcrFixture.Pusher, "linux/arm64"));
    }

    [Theory]
    [InlineData("shop:none")]
    [InlineData("nowhere:v1")]
    public void What_is_not_there_is_missing(string image)
    {
        using var ecr = new EcrFixture();

        Assert.IsType<PullResult.Missing>(ecr.Parts.Pull.Pull($"{Host}/{image}", EcrFixture.Pusher, "linux/amd64"));
    }

    [Theory]
    [InlineData("ecr:GetAuthorizationToken")]
    [InlineData("ecr:BatchGetImage")]
    [InlineData("ecr:GetDownloadUrlForLayer")]
    public void A_pull_needs_three_permissions(string action)
    {
        // ECR user guide, using ECR images with ECS.
        using var ecr = new EcrFixture();
        new SampleImage().PutInto(ecr.Shop, "v1");
        ecr.Authorizer.Denied.Add(action);

        var denied = Assert.IsType<PullResult.Denied>(ecr.Parts.Pull.Pull($"{Host}/shop:v1", EcrFixture.Pusher, "linux/amd64"));

        Assert.Equal(action, denied.Action);
    }

    [Fact]
    public void Another_account_pulls_only_while_the_repository_policy_lets_it()
    {
        using var folder = new TemporaryFolder();
        var world = DefaultWorld.Create();
        var authorizer = new Authorizer(world, TimeProvider.System);
        var ecr = new EcrParts(authorizer, world, TimeProvider.System, folder.Path);
        var shop = ecr.Registries.Of(DefaultWorld.Registry, world.Region).Get("shop");
        new SampleImage().PutInto(shop, "v1");
        var role = authorizer.SessionOf($"arn:aws:iam::{DefaultWorld.Dev}:role/task-execution", "task")!;

        Assert.IsType<PullResult.Pulled>(ecr.Pull.Pull($"{Host}/shop:v1", role, "linux/amd64"));
        shop.Change(settings => settings with { Policy = null });

        var denied = Assert.IsType<PullResult.Denied>(ecr.Pull.Pull($"{Host}/shop:v1", role, "linux/amd64"));
        Assert.EndsWith("because no resource-based policy allows the ecr:BatchGetImage action", denied.Refusal, StringComparison.Ordinal);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecr");

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
