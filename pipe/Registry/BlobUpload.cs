using System.Net;

namespace EcsDeploy.Registry;

/// <summary>How a blob came to be in the repository.</summary>
internal enum BlobOutcome
{
    Sent,
    Mounted,

    /// <summary>It was there after all.</summary>
    Present,
}

/// <summary>
/// Uploads one blob: POST for a session, one PUT with the whole body. Never PATCH in chunks: ECR discards them (containers-roadmap#2831). After a
/// failure the session is given up and the registry asked whether the blob is there, since many "failed" commits succeeded (jib#4301).
/// </summary>
internal sealed class BlobUpload(RegistryTransport transport, string repository, BlobSource blob)
{
    private readonly string _digest = Uri.EscapeDataString(blob.Descriptor.Digest.Text);
    private bool _mount = blob.MountFrom is not null;

    /// <param name="retry">Decides about further tries.</param>
    /// <param name="exists">Asks once whether the blob is there.</param>
    /// <param name="token">Ends it.</param>
    public Task<BlobOutcome> RunAsync(RegistryRetry retry, Func<Task<bool>> exists, CancellationToken token) => retry.RunAsync(
        async tried => tried > 1 && await exists() ? BlobOutcome.Present : await TryAsync(token),
        token);

    private async Task<BlobOutcome> TryAsync(CancellationToken token)
    {
        await using var bytes = new BlobBytes(blob);
        if (!_mount)
        {
            // Before the session, which a source that gives nothing would leave open, and within its own limit of time, not the body's.
            await bytes.OpenAsync(token);
        }

        var session = await BeginAsync(token);
        if (session is null)
        {
            return BlobOutcome.Mounted;
        }

        await bytes.OpenAsync(token);
        try
        {
            using var response = await transport.SendAsync(
                new RegistryRequest(HttpMethod.Put, session)
                {
                    Content = watch => new BlobContent(bytes, watch),
                    // The specification says 201; some registries say 204.
                    Expected = [HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.NoContent],
                },
                token);
            return BlobOutcome.Sent;
        }
        catch (RegistryException lost) when (lost.Says("BLOB_UPLOAD_UNKNOWN") || lost.Says("BLOB_UPLOAD_INVALID"))
        {
            // The registry has lost the session: another one may live.
            throw lost.AsTransient();
        }
    }

    /// <summary>Where the body goes; null when the blob was mounted.</summary>
    private async Task<Uri?> BeginAsync(CancellationToken token)
    {
        var address = new Uri(transport.Endpoint.Root, $"v2/{repository}/blobs/uploads/");
        var wanted = _mount ? new Uri(address, $"?mount={_digest}&from={Uri.EscapeDataString(blob.MountFrom!)}") : address;
        try
        {
            using var response = await transport.SendAsync(
                new RegistryRequest(HttpMethod.Post, wanted) { Expected = [HttpStatusCode.Accepted, HttpStatusCode.Created] }, token);
            if (response.StatusCode == HttpStatusCode.Created && _mount)
            {
                return null;
            }

            // A mount that was not made leaves us in a session of its own (202): it is used, not leaked, and no further try asks for one.
            _mount = false;
            var session = transport.LocationOf(response, wanted)
                ?? throw RegistryException.Broken($"{transport.Endpoint.Host} opened an upload and does not say where.");
            return new Uri($"{session.AbsoluteUri}{(session.Query.Length > 0 ? "&" : "?")}digest={_digest}");
        }
        catch (RegistryException refused) when (_mount && (!refused.IsTransient || refused.WasCut))
        {
            // Some registries answer a mount that they do not want with an error in place of a session, or cut the connection.
            _mount = false;
            return await BeginAsync(token);
        }
    }
}
