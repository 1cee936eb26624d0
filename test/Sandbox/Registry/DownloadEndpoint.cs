using Microsoft.AspNetCore.Http;
using Sandbox.Ecr;

namespace Sandbox.Registry;

/// <summary>S3's part: serves layers to whoever has a signed link, and refuses an Authorization header beside it, as S3 does.</summary>
internal sealed class DownloadEndpoint(Registries registries, DownloadLinks links)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var digest = context.Request.Path.Value![DownloadLinks.Path.Length..];
        if (context.Request.Headers.Authorization.Count > 0)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "InvalidArgument", "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified");
            return;
        }

        if (links.Refusal(digest, context.Request.QueryString.Value ?? "") is { } code)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, code, code == "AccessDenied" ? "Request has expired" : "The request signature we calculated does not match the signature you provided.");
            return;
        }

        await Results.File(registries.Blobs.PathOf(digest), "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>", context.RequestAborted);
    }
}
