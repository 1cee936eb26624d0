using System.Text.Json.Nodes;
using EcsDeploy;
using EcsDeploy.Delivery;
using EcsDeploy.Images;
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

        var failure = await Assert.ThrowsAsync<PushException>(() => bench.PushAsync("v1"));

        Assert.StartsWith($"The base image {bench.Bases.Host}/{DeliveryBench.Base} cannot be read: The blob sha256:", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"from {bench.Bases.Host} is ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("changed or damaged", failure.Message, StringComparison.Ordinal);
        Assert.Null(await bench.Ecr.FindImageAsync("v1", Token));
    }

    [Theory]
    [InlineData(403, ExitCode.Access, "may not be read: GET http://{host}/", "Set BASE_IMAGE_USERNAME and BASE_IMAGE_PASSWORD to a login for {host}")]
    [InlineData(404, ExitCode.Settings, "is not there: GET http://{host}/", "BASE_IMAGE can name another")]
    [InlineData(503, ExitCode.Push, "cannot be read: GET http://{host}/", "name a copy of the image in BASE_IMAGE")]
    [InlineData(null, ExitCode.Push, "cannot be read: GET http://{host}/", "Look whether the step reaches {host}")]
    public async Task A_registry_that_does_not_give_out_a_base_layer_is_named_and_no_upload_is_begun_for_it(int? status, object exit, string told, string advice)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var layers = bench.Bases.Blobs.Where(blob => blob.Value.Length < 10).Select(blob => blob.Key).ToList();
        bench.Bases.Script = async context =>
        {
            var struck = layers.Exists(layer => context.Request.Path.Value!.EndsWith(layer, StringComparison.Ordinal));
            if (struck && status is null)
            {
                context.Abort();
            }

            await (struck && status is not null ? ScriptedRegistry.AnswerAsync(context, status.Value) : Task.CompletedTask);
            return struck;
        };
        var compiling = new TaskCompletionSource<PublishedApp>();

        var failure = await Assert.ThrowsAnyAsync<PipeException>(() => bench.PushAsync(bench.Request("v1"), (_, stop) =>
        {
            stop.Register(() => compiling.TrySetException(new BuildException("stopped")));
            return new Publishing(Task.FromResult($"{bench.Bases.Host}/{DeliveryBench.Base}"), compiling.Task);
        }));

        Assert.Equal(exit, failure.ExitCode);
        Assert.StartsWith($"The base image {bench.Bases.Host}/{DeliveryBench.Base} {told.Replace("{host}", bench.Bases.Host)}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(advice.Replace("{host}", bench.Bases.Host), failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Asked, line => line.StartsWith("POST /v2/", StringComparison.Ordinal));
    }

    // ECR keeps layers in S3, which a VPC endpoint or a proxy may close while ECR itself is open.
    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Where_a_base_registry_keeps_its_layers_is_named_when_that_refuses(int status)
    {
        await using var bench = await DeliveryBench.StartAsync();
        await using var storage = await ScriptedRegistry.StartAsync();
        storage.Script = async context =>
        {
            await ScriptedRegistry.AnswerAsync(context, status, "<Error><Code>AccessDenied</Code></Error>");
            return true;
        };
        bench.Bases.Script = context =>
        {
            var blob = context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal);
            (context.Response.StatusCode, context.Response.Headers.Location) = blob ? (307, $"http://{storage.Host}/bucket/key") : (200, default);
            return Task.FromResult(blob);
        };

        var failure = await Assert.ThrowsAsync<PushException>(() => bench.PushAsync("v1"));

        Assert.Equal(ExitCode.Push, failure.ExitCode);
        Assert.Contains($"cannot be read: GET http://{storage.Host}/bucket/key was answered {status}", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"look whether the step may reach {storage.Host}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>Sign in</html>")]
    [InlineData("")]
    [InlineData("[]")]
    public async Task What_answers_in_place_of_a_base_registry_is_named_with_the_image(string page)
    {
        await using var bench = await DeliveryBench.StartAsync();
        bench.Bases.Script = async context =>
        {
            var asked = context.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal);
            await (asked ? ScriptedRegistry.AnswerAsync(context, 200, page) : Task.CompletedTask);
            return asked;
        };

        var failure = await Assert.ThrowsAsync<PushException>(() => bench.PushAsync("v1"));

        Assert.StartsWith($"The base image {bench.Bases.Host}/{DeliveryBench.Base} cannot be read: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("nothing answers in its place", failure.Message, StringComparison.Ordinal);
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
