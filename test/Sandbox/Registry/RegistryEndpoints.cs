using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Sandbox.Ecr;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Registry;

/// <summary>ECR's registry protocol, <c>/v2/</c>: takes the token, finds who answers, writes errors as ECR does.</summary>
public sealed class RegistryEndpoints
{
    private readonly Registries _registries;
    private readonly RegistryTokens _tokens;
    private readonly RegistryHosts _hosts;
    private readonly UploadEndpoints _uploads;
    private readonly BlobEndpoints _blobs;
    private readonly ManifestEndpoints _manifests;
    private readonly ListEndpoints _lists;
    private readonly DownloadEndpoint _downloads;

    internal RegistryEndpoints(RepositoryAccess access, RegistryTokens tokens, DownloadLinks links, RegistryHosts hosts)
    {
        (_registries, _tokens, _hosts) = (access.Registries, tokens, hosts);
        _uploads = new UploadEndpoints(access);
        _blobs = new BlobEndpoints(access, links);
        _manifests = new ManifestEndpoints(access);
        _lists = new ListEndpoints(access);
        _downloads = new DownloadEndpoint(access.Registries, links);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapFallback("/v2/{**path}", AnswerAsync);
        routes.MapFallback(DownloadLinks.Path + "{digest}", _downloads.AnswerAsync);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        ReceivedRequest.Of(context).Service = "registry";
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        try
        {
            await RouteAsync(context);
        }
        catch (RegistryException e)
        {
            await WriteAsync(context, e);
        }
        catch (ApiException e)
        {
            await WriteAsync(context, RegistryErrors.From(e));
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException or OperationCanceledException)
        {
            // The client broke its request off: there is nobody to answer.
            context.Abort();
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        var address = _hosts.Of(context);
        if ((_uploads.LetIn(context) ?? Authenticate(context.Request, address.Region)) is not { } caller)
        {
            await ChallengeAsync(context);
            return;
        }

        ReceivedRequest.Of(context).CallerArn = caller.Arn;
        var path = context.Request.Path.Value!["/v2".Length..].TrimStart('/');
        if (path.Length == 0)
        {
            return;
        }

        if (!RegistryPath.TryParse(path, out var target))
        {
            throw RegistryErrors.Unsupported;
        }

        if (!RepositoryOperations.IsName(target.Value.Name))
        {
            throw new RegistryException(StatusCodes.Status400BadRequest, "NAME_INVALID", EcrErrors.Constraint("repositoryName", "must satisfy the regular expression of repository names"));
        }

        // ECR's layers go up to 52,000 MiB; manifests are bounded where they are read.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        var registry = _registries.Of(address.AccountId, address.Region);
        await AnswerAsync(new RegistryCall(context, registry, caller, target.Value.Name, target.Value.Reference), target.Value.Kind);
    }

    private Task AnswerAsync(RegistryCall call, string kind)
    {
        switch (kind)
        {
            case RegistryPath.Uploads:
                return _uploads.AnswerAsync(call);
            case RegistryPath.Manifests:
                return _manifests.AnswerAsync(call);
            case RegistryPath.Tags:
                return _lists.TagsAsync(call);
            case RegistryPath.Referrers:
                return _lists.ReferrersAsync(call);
            default:
                _blobs.Answer(call);
                return Task.CompletedTask;
        }
    }

    /// <summary>Null without a token that was given out for this region; the name before the colon is AWS (user guide, registry authentication).</summary>
    private Caller? Authenticate(HttpRequest request, string region)
    {
        var header = request.Headers.Authorization.ToString();
        var encoded = header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? header["Basic ".Length..].Trim() : "";
        var buffer = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, buffer, out var length) || Encoding.UTF8.GetString(buffer, 0, length) is not ['A', 'W', 'S', ':', .. var password])
        {
            return null;
        }

        var token = _tokens.Find(password);
        return token is not null && _tokens.IsExpired(token) ? throw RegistryErrors.TokenExpired
            : token?.Region == region ? token.Caller
            : null;
    }

    private Task ChallengeAsync(HttpContext context)
    {
        var basic = $"Basic realm=\"{context.Request.Scheme}://{context.Request.Host}/\",service=\"ecr.amazonaws.com\"";
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.WWWAuthenticate = _registries.Habits.TokenRealm is { } realm ? $"Bearer realm=\"{realm}\"" : basic;
        return context.Response.WriteAsync("Not Authorized\n", context.RequestAborted);
    }

    internal static Task WriteAsync(HttpContext context, RegistryException error)
    {
        ReceivedRequest.Of(context).ErrorCode = error.Code;
        context.Response.StatusCode = error.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        var body = new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = error.Code, ["message"] = error.Message }) };
        return context.Request.Method == "HEAD" ? Task.CompletedTask : context.Response.WriteAsync(body.ToJsonString() + "\n", context.RequestAborted);
    }
}
