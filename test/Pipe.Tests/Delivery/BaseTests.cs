using System.Text.Json.Nodes;
using EcsDeploy.Delivery;
using EcsDeploy.Oci;
using EcsDeploy.Settings;
using Pipe.Tests.Registry;
using Sandbox.Worlds;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>Where base layers come from.</summary>
public sealed class BaseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Off by default; on by the account setting BLOB_MOUNTING (ECR user guide, blob mounting).
    [Theory]
    [InlineData("DISABLED", "Sent")]
    [InlineData("ENABLED", "Mounted")]
    public async Task Layers_of_a_base_in_the_same_registry_are_mounted_where_the_registry_allows(string setting, string origin)
    {
        await using var bench = await DeliveryBench.StartAsync(WithBase);
        await PutBaseAsync(bench);
        await bench.Aws("ecr").CallAsync("PutAccountSetting", new JsonObject { ["name"] = "BLOB_MOUNTING", ["value"] = setting }, Token);

        var image = await bench.PushAsync(bench.Request("v1") with { Layers = new LayerOptions { BaseImage = $"{bench.Repository.Host}/base:10.0" } });

        Assert.Equal(origin, image.Layers[0].Origin.ToString());
        Assert.StartsWith($"{bench.Repository.Host}/base@sha256:", Assert.Single(image.BaseImages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("reader", "secret")]
    public async Task A_base_registry_gets_the_login_that_was_given_for_it_and_no_other(string? user, string? password)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var login = user is null ? null : new RegistryLogin(user, new Secret(password!));
        bench.Bases.Script = async context =>
        {
            var refused = user is not null && context.Request.Headers.Authorization.Count == 0;
            if (refused)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"bases\"";
                await ScriptedRegistry.AnswerAsync(context, 401);
            }

            return refused;
        };

        await bench.PushAsync(bench.Request("v1") with { Layers = new LayerOptions { BaseLogin = login } });

        var shown = user is null ? "" : $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{password}"))}";
        Assert.Equal(["", .. user is null ? Array.Empty<string>() : [shown]], bench.Bases.Requests.Select(request => request.Authorization).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_base_layer_that_is_not_what_it_should_be_does_not_arrive()
    {
        await using var bench = await DeliveryBench.StartAsync();
        foreach (var (digest, content) in bench.Bases.Blobs.Where(blob => blob.Value.Length < 10).ToList())
        {
            bench.Bases.Blobs[digest] = [.. content.Reverse()];
        }

        var failure = await Assert.ThrowsAsync<EcsDeploy.Registry.RegistryException>(() => bench.PushAsync("v1"));

        Assert.Contains("changed or damaged", failure.Message, StringComparison.Ordinal);
        Assert.Null(await bench.Ecr.FindImageAsync("v1", Token));
    }

    // Docker's schema 2, and its list of manifests, are what many bases still are.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_base_of_either_format_makes_an_image_of_that_format(bool docker, bool index)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var child = BaseSeed.PutImage(bench.Bases, "10.0", "other base", docker: docker);
        if (index)
        {
            BaseSeed.PutIndex(bench.Bases, "10.0", child, BaseSeed.PutImage(bench.Bases, "arm", "arm", "arm64", docker));
        }

        var image = await bench.PushAsync("v1");

        Assert.EndsWith($"@{child.Digest}", Assert.Single(image.BaseImages), StringComparison.Ordinal);
        Assert.Equal(docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest, (await bench.Ecr.FindImageAsync("v1", Token))?.MediaType);
    }

    private static World WithBase => DefaultWorld.Create() with
    {
        Repositories = [.. DefaultWorld.Create().Repositories, new RepositorySeed { AccountId = DefaultWorld.Registry, Name = "base" }],
    };

    private static async Task PutBaseAsync(DeliveryBench bench)
    {
        var folder = Path.Combine(bench.Folder, "base");
        ArchiveSeed.Layout(ArchiveSeed.Tar("runtime")).WriteFolder(folder);
        var shop = bench.Repository;
        bench.Repository = DeliveryBench.Parse("base");
        await new ArchiveDelivery(bench.Registries, TimeProvider.System, Logger.None).RunAsync(folder, bench.Request("10.0"), Token);
        bench.Repository = shop;
    }
}
