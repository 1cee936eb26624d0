using Microsoft.AspNetCore.Http;
using Sandbox.Ecr;
using Sandbox.Wire;

namespace Sandbox.Registry;

/// <summary>HEAD and GET of blobs: the content itself comes from a signed address on another host.</summary>
internal sealed class BlobEndpoints(RepositoryAccess access, DownloadLinks links)
{
    public void Answer(RegistryCall call)
    {
        if (!Digests.IsValid(call.Reference))
        {
            throw RegistryErrors.BadDigest(call.Reference);
        }

        switch (call.Request.Method)
        {
            case "HEAD":
                Head(call);
                break;
            case "GET":
                Get(call);
                break;
            default:
                throw RegistryErrors.Unsupported;
        }
    }

    /// <summary>A pusher may by BatchCheckLayerAvailability; a puller, whose documented policy lacks that, by GetDownloadUrlForLayer (inferred).</summary>
    private void Head(RegistryCall call)
    {
        var readable = access.Refusal(call.Caller, call.Registry, call.Name, "ecr:GetDownloadUrlForLayer") is null;
        var repository = readable
            ? call.Registry.Get(call.Name)
            : access.Open(call.Caller, call.Registry, call.Name, "ecr:BatchCheckLayerAvailability");
        var layer = repository.FindLayer(call.Reference) ?? throw RegistryErrors.BlobUnknown;
        call.Response.ContentType = "application/octet-stream";
        call.Response.ContentLength = layer.Size;
        call.AnswerDigest(call.Reference);
    }

    private void Get(RegistryCall call)
    {
        var repository = access.Open(call.Caller, call.Registry, call.Name, "ecr:GetDownloadUrlForLayer");
        try
        {
            LayerOperations.Readable(repository, call.Reference);
        }
        catch (ApiException e)
        {
            throw new RegistryException(StatusCodes.Status404NotFound, "BLOB_UNKNOWN", e.Message);
        }

        call.Response.Headers.Location = links.Make(call.Reference, OtherName(call.Request)).AbsoluteUri;
        call.Answer(StatusCodes.Status307TemporaryRedirect);
    }

    /// <summary>The same listener under another host name, as S3 is another host: clients that drop the header for other hosts do so here.</summary>
    private static Uri OtherName(HttpRequest request)
    {
        var host = request.Host.Host == "localhost" ? "127.0.0.1" : "localhost";
        return new UriBuilder(request.Scheme, host, request.HttpContext.Connection.LocalPort).Uri;
    }
}
