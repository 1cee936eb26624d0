using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Sandbox.Ecr;
using Sandbox.Registry;
using Sandbox.Tests.Ecr;
using Xunit;

namespace Sandbox.Tests.Registry;

/// <summary>The registry protocol alone on a port of its own, with ECR's state behind it in reach.</summary>
internal sealed class RegistryHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };

    private RegistryHost()
    {
        var endpoints = new RegistryEndpoints(Ecr.Parts.Access, Ecr.Parts.Tokens, Ecr.Parts.Links, Ecr.Parts.Hosts);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        endpoints.Map(_app);
        Password = Ecr.Parts.Tokens.Issue(EcrFixture.Pusher, EcrFixture.Region).Encoded;
    }

    public EcrFixture Ecr { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What stands in the Basic header.</summary>
    public string Password { get; set; }

    public static async Task<RegistryHost> StartAsync()
    {
        var host = new RegistryHost();
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Password);
        change?.Invoke(request);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Pushes a blob by POST and PUT and gives its digest.</summary>
    public async Task<string> PushBlobAsync(byte[] content, string repository = "shop")
    {
        var digest = Digests.Of(content);
        using var begun = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/");
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        using var body = new ByteArrayContent(content);
        using var done = await SendAsync(HttpMethod.Put, $"{begun.Headers.Location!.PathAndQuery}?digest={digest}", body);
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
        return digest;
    }

    public Task<HttpResponseMessage> PutManifestAsync(string reference, string manifest, string mediaType, string repository = "shop")
    {
        var body = new StringContent(manifest);
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{reference}", body);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Ecr.Dispose();
    }
}

/// <summary>Reads the errors document of the distribution protocol.</summary>
internal static class RegistryAnswer
{
    /// <summary><c>CODE: message</c> of the first error.</summary>
    public static async Task<string> ErrorAsync(this HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var error = JsonNode.Parse(body)!["errors"]![0]!;
        return $"{(string?)error["code"]}: {(string?)error["message"]}";
    }

    public static async Task<string> TextAsync(this HttpResponseMessage response) =>
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
