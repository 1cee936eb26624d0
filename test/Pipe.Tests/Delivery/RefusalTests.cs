using System.Security.Cryptography;
using EcsDeploy;
using EcsDeploy.Delivery;
using EcsDeploy.Ecr;
using EcsDeploy.Images;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>Repositories that are not there, permissions that are missing, tags that may not move: one clear message each.</summary>
public sealed class RefusalTests
{
    private const string PushActions =
        "\"ecr:BatchCheckLayerAvailability\",\"ecr:GetDownloadUrlForLayer\",\"ecr:BatchGetImage\",\"ecr:InitiateLayerUpload\",\"ecr:UploadLayerPart\",\"ecr:CompleteLayerUpload\",\"ecr:PutImage\",\"ecr:DescribeRepositories\"";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_repository_is_named_before_anything_is_sent()
    {
        await using var bench = await DeliveryBench.StartAsync();
        bench.Repository = DeliveryBench.Parse("nowhere");

        var failure = await Assert.ThrowsAsync<EcrException>(() => bench.PushAsync("v1"));

        Assert.Equal(ExitCode.Settings, failure.ExitCode);
        Assert.Contains("The repository 'nowhere' does not exist in the registry of account 111111111111 in eu-west-1", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Asked, line => line.Contains("/v2/nowhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_repository_is_made_when_that_was_asked_for()
    {
        await using var bench = await DeliveryBench.StartAsync();
        bench.Repository = DeliveryBench.Parse("new/shop");
        var request = bench.Request("v1");

        var image = await bench.PushAsync(request with { Registry = request.Registry with { Create = true } });

        Assert.Equal(image.Digest, (await bench.Ecr.FindImageAsync("v1", Token))?.Digest);
    }

    [Theory]
    [InlineData("ecr:InitiateLayerUpload")]
    [InlineData("ecr:UploadLayerPart")]
    [InlineData("ecr:CompleteLayerUpload")]
    [InlineData("ecr:PutImage")]
    public async Task A_missing_permission_is_named(string action)
    {
        await using var bench = await DeliveryBench.StartAsync(WorldWithout(action), Weak);

        var failure = await Assert.ThrowsAnyAsync<PipeException>(() => bench.PushAsync("v1"));

        Assert.Equal(ExitCode.Access, failure.ExitCode);
        Assert.Contains($"Allow {action} on arn:aws:ecr:eu-west-1:111111111111:repository/shop", failure.Message, StringComparison.Ordinal);
    }

    // Clients print "EOF" then, and nobody knows why (aws-ecr-orb#259, build-push-action#850).
    [Fact]
    public async Task A_connection_that_ECR_closes_for_want_of_a_permission_is_explained()
    {
        await using var bench = await DeliveryBench.StartAsync(WorldWithout("ecr:InitiateLayerUpload"), Weak);
        bench.Sandbox.Registries.Habits.ClosesConnectionWhenUploadIsDenied = true;

        var failure = await Assert.ThrowsAsync<PushException>(() => bench.PushAsync("v1"));

        Assert.Contains("The repository 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop is there, so most likely", failure.Message, StringComparison.Ordinal);
        Assert.Contains("may not ecr:InitiateLayerUpload", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ecr:DescribeRepositories", null)]
    [InlineData("ecr:PutImage", FaultKind.Expired)]
    public async Task A_connection_that_ECR_closes_is_not_explained_by_what_nobody_could_look_up(string also, FaultKind? fault)
    {
        await using var bench = await DeliveryBench.StartAsync(WorldWithout("ecr:InitiateLayerUpload", also: also), Weak);
        bench.Sandbox.Registries.Habits.ClosesConnectionWhenUploadIsDenied = true;
        if (fault is { } kind)
        {
            bench.Faults.Add(new FaultRule { On = "ecr:DescribeRepositories", Kind = kind });
        }

        var failure = await Assert.ThrowsAsync<PushException>(() => bench.PushAsync("v1"));

        Assert.Equal(ExitCode.Push, failure.ExitCode);
        Assert.StartsWith("POST http://111111111111.dkr.ecr.eu-west-1.amazonaws.com/v2/shop/blobs/uploads/ got no answer", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Most likely the repository 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop does not exist (ECR could not be asked), or ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ecr:BatchGetImage")]
    [InlineData("ecr:BatchCheckLayerAvailability")]
    public async Task A_role_that_may_not_look_still_pushes(string action)
    {
        await using var bench = await DeliveryBench.StartAsync(WorldWithout(action), Weak);

        var image = await bench.PushAsync([]);

        Assert.True(image.SentBytes > 0);
    }

    [Theory]
    [InlineData("ecr:BatchCheckLayerAvailability")]
    [InlineData("ecr:GetDownloadUrlForLayer")]
    public async Task A_role_that_may_not_look_sends_large_layers_unasked(string action)
    {
        await using var bench = await DeliveryBench.StartAsync(WorldWithout(action), Weak);
        bench.App.Write("Package.dll", Convert.ToHexString(RandomNumberGenerator.GetBytes(1_000_000)));

        var image = await bench.PushAsync("v1");

        Assert.Equal(LayerOrigin.Sent, image.Layers.Single(layer => layer.Holds == "packages").Origin);
    }

    [Fact]
    public async Task Packages_that_another_branch_has_pushed_are_not_sent_again()
    {
        await using var bench = await DeliveryBench.StartAsync();
        bench.App.Write("Package.dll", Convert.ToHexString(RandomNumberGenerator.GetBytes(1_000_000)));
        await bench.PushAsync("branch");
        bench.App.Write("Shop.dll", "of this branch");

        var image = await bench.PushAsync("v1");

        Assert.Equal([LayerOrigin.Reused, LayerOrigin.Sent], image.Layers.Skip(BaseSeed.Layers).Select(layer => layer.Origin));
        Assert.DoesNotContain(bench.Asked, line => line.StartsWith("HEAD", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tag_that_stands_on_the_digest_already_is_fine_on_an_immutable_repository()
    {
        await using var bench = await DeliveryBench.StartAsync(Immutable);
        await bench.PushAsync("v1");

        await bench.PushAsync("v1");

        Assert.DoesNotContain(bench.Asked, line => line.StartsWith("ecr:PutImage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tag_that_stands_on_another_digest_of_an_immutable_repository_is_refused()
    {
        await using var bench = await DeliveryBench.StartAsync(Immutable);
        var first = await bench.PushAsync("v1");
        bench.App.Write("Shop.dll", "version 2");

        var failure = await Assert.ThrowsAsync<PushException>(() => bench.PushAsync("v1"));

        Assert.Contains($"The tag 'v1' of {bench.Repository.Address} stands on {first.Digest} and the repository is immutable", failure.Message, StringComparison.Ordinal);
    }

    // ECR's documents and what people saw differ in the code (containers-roadmap#2179, aws-sdk#750).
    [Theory]
    [InlineData(false, "ecr:ListImages")]
    [InlineData(true, "ecr:DescribeImages")]
    public async Task A_role_that_may_not_look_puts_the_tag_that_stands_on_the_digest_already(bool conflict, string allowed)
    {
        await using var bench = await DeliveryBench.StartAsync(Immutable with { Accounts = WorldWithout("ecr:BatchGetImage", allowed).Accounts }, Weak);
        bench.Sandbox.Registries.Habits.SameImageIsTagConflict = conflict;
        var first = await bench.PushAsync("v1");

        var second = await bench.PushAsync("v1");

        Assert.Equal(first.Digest, second.Digest);
        Assert.Contains(bench.Asked, line => line.StartsWith("ecr:PutImage 400", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tag_that_is_taken_by_what_the_role_may_not_see_is_told_with_both()
    {
        await using var bench = await DeliveryBench.StartAsync(Immutable with { Accounts = WorldWithout("ecr:BatchGetImage").Accounts }, Weak);
        bench.Sandbox.Registries.Habits.SameImageIsTagConflict = true;
        await bench.PushAsync("v1");

        var failure = await Assert.ThrowsAsync<EcrException>(() => bench.PushAsync("v1"));

        Assert.Contains("'v1'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("immutable", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be seen", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ecr:BatchGetImage", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_neither_look_nor_ask_for_layers_still_pushes_through_trouble()
    {
        await using var bench = await DeliveryBench.StartAsync(WorldWithout("ecr:BatchCheckLayerAvailability\",\"ecr:GetDownloadUrlForLayer\",\"ecr:BatchGetImage"), Weak);
        bench.Faults.Add(new FaultRule { On = "PUT /v2/shop/blobs/*", Kind = FaultKind.ServerError });

        var image = await bench.PushAsync([]);

        Assert.True(image.SentBytes > 0);
        Assert.Contains(bench.Asked, line => line.StartsWith("HEAD /v2/shop/blobs/", StringComparison.Ordinal) && line.Contains(" 403", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("not an image")]
    [InlineData("https://mcr.microsoft.com/dotnet/aspnet")]
    public async Task A_base_that_names_no_image_is_refused(string text)
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<BuildException>(() => bench.PushAsync(bench.Request("v1") with { Layers = new LayerOptions { BaseImage = text } }));

        Assert.Equal(ExitCode.Settings, failure.ExitCode);
    }

    private static string Weak => $"arn:aws:iam::{DefaultWorld.Registry}:user/weak";

    private static World Immutable => DefaultWorld.Create() with
    {
        Repositories = [new RepositorySeed { AccountId = DefaultWorld.Registry, Name = "shop", Mutability = "IMMUTABLE" }],
    };

    private static World WorldWithout(string action, string instead = "ecr:ListImages", string also = "none")
    {
        var world = DefaultWorld.Create();
        var allowed = $$"""
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"},
              {"Effect":"Allow","Action":[{{PushActions.Replace($"\"{action}\"", $"\"{instead}\"", StringComparison.Ordinal).Replace($"\"{also}\"", "\"ecr:ListImages\"", StringComparison.Ordinal)}}],"Resource":"arn:aws:ecr:*:111111111111:repository/*"}]}
            """;
        var user = new User { Name = "weak", AccessKeyId = "AKIAWEAKXXXXXXXXXXXX", SecretAccessKey = new string('w', 40), IdentityPolicies = [allowed] };
        return world with
        {
            Accounts = [.. world.Accounts.Select(account => account.Id == DefaultWorld.Registry ? account with { Users = [.. account.Users, user] } : account)],
        };
    }
}
