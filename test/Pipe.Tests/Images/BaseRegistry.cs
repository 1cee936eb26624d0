using System.IO.Compression;
using System.Text;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipe.Tests.Images;

/// <summary>A registry on loopback with one base image, as .NET's are made: small enough to be made here, and pulled by the SDK itself.</summary>
internal sealed class BaseRegistry : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Dictionary<string, (string MediaType, byte[] Bytes)> _content = new(StringComparer.Ordinal);

    private BaseRegistry(WebApplication server, BaseImage image) => (_server, Image) = (server, image);

    public BaseImage Image { get; }

    /// <summary>Host and port.</summary>
    public string Host => new Uri(_server.Urls.First()).Authority;

    public string Reference => $"{Host}/dotnet/aspnet:10.0";

    public static async Task<BaseRegistry> StartAsync()
    {
        var layer = Gzip("no tar, and nobody unpacks it"u8.ToArray(), out var diffId);
        var configuration = Encoding.UTF8.GetBytes($$"""
            {"architecture":"amd64","os":"linux","created":"2026-01-01T00:00:00Z",
             "config":{"Env":["PATH=/usr/local/sbin:/usr/bin","APP_UID=1654","ASPNETCORE_HTTP_PORTS=8080","DOTNET_RUNNING_IN_CONTAINER=true"],"Labels":{"base":"kept"} },
             "rootfs":{"type":"layers","diff_ids":["{{diffId}}"]},"history":[{"created":"2026-01-01T00:00:00Z","created_by":"debootstrap"}]}
            """);
        var manifest = new ImageManifest
        {
            MediaType = MediaTypes.DockerManifest,
            Configuration = new Descriptor { MediaType = MediaTypes.DockerConfiguration, Digest = Digest.Of(configuration), Size = configuration.Length },
            Layers = [new Descriptor { MediaType = MediaTypes.DockerLayerGzip, Digest = Digest.Of(layer), Size = layer.Length }],
        };
        var bytes = manifest.ToBytes();

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var registry = new BaseRegistry(builder.Build(), new BaseImage(Digest.Of(bytes), manifest, ImageConfiguration.Parse(configuration)));
        registry._content["10.0"] = registry._content[Digest.Of(bytes).Text] = (manifest.MediaType, bytes);
        registry._content[Digest.Of(configuration).Text] = ("application/octet-stream", configuration);
        registry._content[Digest.Of(layer).Text] = ("application/octet-stream", layer);
        registry._server.Run(registry.AnswerAsync);
        await registry._server.StartAsync();
        return registry;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var name = context.Request.Path.Value!.Split('/')[^1];
        if (name.Length == 0)
        {
            return;
        }

        if (!_content.TryGetValue(name, out var content))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = content.MediaType;
        context.Response.ContentLength = content.Bytes.Length;
        context.Response.Headers["Docker-Content-Digest"] = Digest.Of(content.Bytes).Text;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(content.Bytes);
        }
    }

    private static byte[] Gzip(byte[] bytes, out Digest diffId)
    {
        diffId = Digest.Of(bytes);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
