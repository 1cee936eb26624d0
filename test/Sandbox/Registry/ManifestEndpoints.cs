using Microsoft.AspNetCore.Http;
using Sandbox.Ecr;
using Sandbox.Wire;

namespace Sandbox.Registry;

/// <summary>GET, HEAD and PUT of manifests and indexes by tag or digest.</summary>
internal sealed class ManifestEndpoints(RepositoryAccess access)
{
    private const int MaximumBytes = 4_194_304;

    public Task AnswerAsync(RegistryCall call) => call.Request.Method switch
    {
        "GET" or "HEAD" => GetAsync(call),
        "PUT" => PutAsync(call),
        _ => throw RegistryErrors.Unsupported,
    };

    private async Task GetAsync(RegistryCall call)
    {
        var image = access.Open(call.Caller, call.Registry, call.Name, "ecr:BatchGetImage").Find(call.Reference);
        if (image is null || !Accepts(call.Request, image.Document.MediaType))
        {
            throw RegistryErrors.ManifestUnknown;
        }

        call.Response.ContentType = image.Document.MediaType;
        call.Response.ContentLength = image.Document.Content.Length;
        call.AnswerDigest(image.Digest);
        if (call.Request.Method == "GET")
        {
            image.LastPulledAt = access.Registries.Clock.GetUtcNow();
            await call.Response.Body.WriteAsync(image.Document.Content, call.Token);
        }
    }

    /// <summary>Without an Accept header the stored form is given; with one, only a form that it names (inferred from acceptedMediaTypes of BatchGetImage).</summary>
    private static bool Accepts(HttpRequest request, string mediaType)
    {
        var accepted = request.Headers.Accept.ToString();
        return accepted.Length == 0 || accepted.Contains("*/*", StringComparison.Ordinal) || accepted.Contains(mediaType, StringComparison.OrdinalIgnoreCase);
    }

    private async Task PutAsync(RegistryCall call)
    {
        var repository = access.Open(call.Caller, call.Registry, call.Name, "ecr:PutImage");
        var byDigest = call.Reference.Contains(':', StringComparison.Ordinal);
        if (byDigest ? !Digests.IsValid(call.Reference) : !Digests.IsTag(call.Reference))
        {
            throw byDigest ? RegistryErrors.BadDigest(call.Reference)
                : new RegistryException(StatusCodes.Status400BadRequest, "TAG_INVALID", EcrErrors.Constraint("imageTag", "must satisfy regular expression '[a-zA-Z0-9-_.]+'"));
        }

        var document = ManifestDocument.Parse(await ReadAsync(call), call.Request.ContentType?.Split(';')[0].Trim());
        if (byDigest && document.Digest != call.Reference)
        {
            throw EcrErrors.DigestMismatch(repository, call.Reference);
        }

        Put(repository, document, byDigest ? null : call.Reference);
        call.Response.Headers.Location = UploadLocation.Of(call, $"/v2/{call.Name}/manifests/{call.Reference}");
        call.AnswerDigest(document.Digest);
        if (document.Subject is { } subject)
        {
            call.Response.Headers["OCI-Subject"] = subject;
        }

        call.Answer(StatusCodes.Status201Created);
    }

    /// <summary>Pushing what is there already succeeds, but not under an immutable tag (containers-roadmap#2380, buildkit#3776).</summary>
    private static void Put(Repository repository, ManifestDocument document, string? tag)
    {
        try
        {
            repository.Put(document, tag);
        }
        catch (ApiException e) when (e.Code == "ImageAlreadyExistsException")
        {
            throw EcrErrors.TagExists(repository, tag!);
        }
    }

    private static async Task<byte[]> ReadAsync(RegistryCall call)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await call.Request.Body.ReadAsync(buffer, call.Token)) > 0)
        {
            content.Write(buffer.AsSpan(0, read));
            if (content.Length > MaximumBytes)
            {
                throw new RegistryException(StatusCodes.Status400BadRequest, "MANIFEST_INVALID", EcrErrors.Constraint("imageManifest", "Member must have length less than or equal to 4194304"));
            }
        }

        return content.ToArray();
    }
}
