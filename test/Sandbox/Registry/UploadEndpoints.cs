using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sandbox.Ecr;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Registry;

/// <summary>POST, PATCH and PUT of blobs (OCI distribution spec, "push"), with ECR's habits.</summary>
internal sealed class UploadEndpoints(RepositoryAccess access)
{
    // Quota "layer part", lower bound; the last part may be smaller.
    private const long SmallestPart = 5 * 1024 * 1024;

    private readonly Uploads _uploads = new(access.Registries);

    public Task AnswerAsync(RegistryCall call) => (call.Request.Method, call.Reference) switch
    {
        ("POST", "") => BeginAsync(call),
        ("PATCH", { Length: > 0 }) => ContinueAsync(call),
        ("PUT", { Length: > 0 }) => FinishAsync(call),
        ("GET", { Length: > 0 }) => ReportAsync(call),
        _ => throw RegistryErrors.Unsupported,
    };

    /// <summary>Who began the upload that goes on at another host: its address is the permission, as S3's signed ones are. Null for every other request.</summary>
    public Caller? LetIn(HttpContext context)
    {
        var habits = access.Registries.Habits;
        if (habits.UploadLocation != LocationForm.OtherHost || context.Request.Host.Value != habits.UploadHost?.Authority)
        {
            return null;
        }

        return context.Request.Headers.Authorization.Count == 0
            ? _uploads.Find(context.Request.Path.Value!.Split('/')[^1])?.Caller
            : throw new RegistryException(StatusCodes.Status400BadRequest, "UNSUPPORTED", "Only one auth mechanism allowed");
    }

    private async Task BeginAsync(RegistryCall call)
    {
        var repository = OpenForPush(call);
        if (repository is null)
        {
            await ClosedConnection.CloseAsync(call.Http);
            return;
        }

        if (TryMount(call, repository))
        {
            return;
        }

        var upload = _uploads.Begin(repository, call.Caller);
        if (call.Request.Query.TryGetValue("digest", out var digest))
        {
            await CompleteAsync(call, upload, digest);
            return;
        }

        AnswerProgress(call, upload, StatusCodes.Status202Accepted);
    }

    /// <summary>Null when ECR would end the connection instead of answering.</summary>
    private Repository? OpenForPush(RegistryCall call)
    {
        try
        {
            return access.Open(call.Caller, call.Registry, call.Name, "ecr:InitiateLayerUpload");
        }
        catch (ApiException e) when (e.Code == "RepositoryNotFoundException"
            ? call.Habits.ClosesConnectionWhenRepositoryIsMissing
            : call.Habits.ClosesConnectionWhenUploadIsDenied)
        {
            return null;
        }
    }

    /// <summary>
    /// Only with the account setting; the caller must be allowed to read the source, encryption must be the same, a manifest of the source must
    /// name the blob, and the source is no pull-through cache (ECR user guide, blob mounting; containers-roadmap#2860). Otherwise an ordinary upload begins.
    /// </summary>
    private bool TryMount(RegistryCall call, Repository target)
    {
        var digest = call.Request.Query["mount"].ToString();
        if (digest.Length == 0 || !call.Registry.MountsBlobs || call.Registry.Find(call.Request.Query["from"].ToString()) is not { } source)
        {
            return false;
        }

        var (from, to) = (source.Settings, target.Settings);
        if (source.FindLayer(digest) is not { IsReferenced: true } layer
            || from.IsPullThroughCache || (from.EncryptionType, from.KmsKey) != (to.EncryptionType, to.KmsKey)
            || access.Refusal(call.Caller, call.Registry, source.Name, "ecr:GetDownloadUrlForLayer") is not null)
        {
            return false;
        }

        target.AddLayer(digest, layer.Size);
        AnswerBlob(call, digest);
        return true;
    }

    private async Task ContinueAsync(RegistryCall call)
    {
        var upload = _uploads.Get(call.Reference, access.Open(call.Caller, call.Registry, call.Name, "ecr:UploadLayerPart"));
        await TakeBodyAsync(call, upload);
        AnswerProgress(call, upload, call.Habits.PatchStatus);
    }

    private async Task FinishAsync(RegistryCall call)
    {
        var repository = access.Open(call.Caller, call.Registry, call.Name, "ecr:CompleteLayerUpload");
        await CompleteAsync(call, _uploads.Get(call.Reference, repository), call.Request.Query["digest"]);
    }

    private async Task CompleteAsync(RegistryCall call, Upload upload, string? digest)
    {
        if (!Digests.IsValid(digest))
        {
            throw RegistryErrors.BadDigest(digest);
        }

        if (call.Request.ContentLength is not 0)
        {
            // A body with the last call is a part of its own.
            access.Open(call.Caller, call.Registry, call.Name, "ecr:UploadLayerPart");
        }

        await TakeBodyAsync(call, upload);
        if (upload.SmallestInnerPart < SmallestPart)
        {
            throw RegistryErrors.PartTooSmall;
        }

        var (length, kept) = (upload.Length, upload.Finish(digest!));
        _uploads.Drop(upload);
        if (!kept)
        {
            throw length == 0 ? RegistryErrors.EmptyUpload : RegistryErrors.LayerMismatch;
        }

        upload.Repository.AddLayer(digest!, length);
        AnswerBlob(call, digest!);
    }

    /// <summary>The first byte must follow the last one that is kept; without Content-Range it is byte 0 (apple/containerization#790).</summary>
    private static async Task TakeBodyAsync(RegistryCall call, Upload upload)
    {
        if (call.Request.ContentLength is 0)
        {
            return;
        }

        await upload.Turn.WaitAsync(call.Token);
        try
        {
            var range = RangeOf(call.Request.Headers.ContentRange);
            if ((range?.First ?? 0) != upload.Length)
            {
                throw RegistryErrors.WrongFirstByte(range?.First ?? 0, upload.Length);
            }

            await upload.AppendAsync(call.Request.Body, call.Token);
            if (range is { } said && upload.Length != said.Last + 1)
            {
                throw RegistryErrors.LengthMismatch;
            }
        }
        finally
        {
            upload.Turn.Release();
        }
    }

    private static (long First, long Last)? RangeOf(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            return null;
        }

        // The distribution spec writes "0-99", HTTP "bytes 0-99/100".
        var parts = header.Replace("bytes ", "", StringComparison.Ordinal).Split('/')[0].Split('-');
        return parts is [var first, var last]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to) && to >= from
                ? (from, to)
                : throw RegistryErrors.BadRange;
    }

    private Task ReportAsync(RegistryCall call)
    {
        var upload = _uploads.Get(call.Reference, access.Open(call.Caller, call.Registry, call.Name, "ecr:UploadLayerPart"));
        AnswerProgress(call, upload, StatusCodes.Status204NoContent);
        return Task.CompletedTask;
    }

    private static void AnswerProgress(RegistryCall call, Upload upload, int status)
    {
        var length = call.Habits.RangeStaysAtFirstChunk ? upload.FirstPart ?? 0 : upload.Length;
        call.Response.Headers.Location = UploadLocation.Of(call, $"/v2/{call.Name}/blobs/uploads/{upload.Id}");
        call.Response.Headers["Docker-Upload-Uuid"] = upload.Id;
        call.Response.Headers.Range = $"0-{Math.Max(0, length - 1).ToString(CultureInfo.InvariantCulture)}";
        call.Answer(status);
    }

    private static void AnswerBlob(RegistryCall call, string digest)
    {
        call.Response.Headers.Location = UploadLocation.Of(call, $"/v2/{call.Name}/blobs/{digest}");
        call.AnswerDigest(digest);
        call.Answer(StatusCodes.Status201Created);
    }
}
