using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Pipe.Tests.Registry;

/// <summary>
/// A registry that is none of Amazon's: it checks what it is sent, remembers every request, and lets a test answer in its place. The sandbox plays
/// ECR and cannot misbehave in the ways that other registries do.
/// </summary>
internal sealed class ScriptedRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _sessions;

    private ScriptedRegistry(WebApplication app) => _app = app;

    public string Host { get; private set; } = "";

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = [];

    /// <summary>By tag and by digest.</summary>
    public ConcurrentDictionary<string, (string Type, byte[] Content)> Manifests { get; } = [];

    public ConcurrentQueue<Seen> Requests { get; } = [];

    /// <summary>Answers in the registry's place when it returns true.</summary>
    public Func<HttpContext, Task<bool>> Script { get; set; } = _ => Task.FromResult(false);

    /// <summary>Where an upload goes on, from its path.</summary>
    public Func<string, string> Location { get; set; } = path => path;

    public IReadOnlyList<string> Lines => [.. Requests.Select(request => $"{request.Method} {request.Path}")];

    public static async Task<ScriptedRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        var registry = new ScriptedRegistry(builder.Build());
        registry._app.Run(registry.AnswerAsync);
        await registry._app.StartAsync(TestContext.Current.CancellationToken);
        registry.Host = new Uri(registry._app.Urls.First()).Authority;
        return registry;
    }

    public static string DigestOf(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    public static Task AnswerAsync(HttpContext context, int status, string body = "")
    {
        context.Response.StatusCode = status;
        return body.Length > 0 ? context.Response.WriteAsync(body) : Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        Requests.Enqueue(new Seen(request.Method, request.Path.Value!, request.QueryString.Value!, request.Headers.Authorization.ToString(), request.Host.Value!));
        if (await Script(context))
        {
            return;
        }

        var parts = request.Path.Value!.Split('/');
        var answer = (request.Method, parts[^2]) switch
        {
            ("POST", _) => BeginAsync(context),
            ("PUT", "manifests") => PutManifestAsync(context, parts[^1]),
            ("PUT", _) => PutBlobAsync(context),
            (_, "manifests") => ReadAsync(context, Manifests.TryGetValue(parts[^1], out var found) ? found : null),
            (_, "blobs") => ReadAsync(context, Blobs.TryGetValue(parts[^1], out var blob) ? ("application/octet-stream", blob) : null),
            _ => Task.CompletedTask,
        };
        await answer;
    }

    private Task BeginAsync(HttpContext context)
    {
        var session = Interlocked.Increment(ref _sessions).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.Location = Location(context.Request.Path.Value + session);
        return AnswerAsync(context, 202);
    }

    private async Task PutBlobAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var digest = context.Request.Query["digest"].ToString();
        var right = digest == DigestOf(body.ToArray());
        if (right)
        {
            Blobs[digest] = body.ToArray();
        }

        await AnswerAsync(context, right ? 201 : 400, right ? "" : """{"errors":[{"code":"DIGEST_INVALID","message":"not that digest"}]}""");
    }

    private async Task PutManifestAsync(HttpContext context, string reference)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Manifests[reference] = Manifests[DigestOf(body.ToArray())] = (context.Request.ContentType!, body.ToArray());
        context.Response.Headers["Docker-Content-Digest"] = DigestOf(body.ToArray());
        await AnswerAsync(context, 201);
    }

    private static async Task ReadAsync(HttpContext context, (string Type, byte[] Content)? found)
    {
        if (found is not { } document)
        {
            await AnswerAsync(context, 404);
            return;
        }

        (context.Response.ContentType, context.Response.ContentLength) = (document.Type, document.Content.Length);
        if (context.Request.Method != "HEAD")
        {
            await context.Response.Body.WriteAsync(document.Content, context.RequestAborted);
        }
    }

    /// <summary>One request as it came.</summary>
    internal sealed record Seen(string Method, string Path, string Query, string Authorization, string Host);
}
