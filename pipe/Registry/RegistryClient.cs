using System.Net;
using System.Net.Http.Headers;
using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Registry;

/// <summary>One repository of a registry, in the OCI distribution protocol (github.com/opencontainers/distribution-spec, v1.1).</summary>
internal sealed class RegistryClient(RegistryTransport transport, RegistryRetry retry, string repository)
{
    /// <summary>Registries take no longer ones (ECR: 4 MiB).</summary>
    private const int LongestManifest = 4 * 1024 * 1024;

    private static readonly string[] ManifestTypes =
        [MediaTypes.OciIndex, MediaTypes.OciManifest, MediaTypes.DockerManifestList, MediaTypes.DockerManifest];

    private static readonly HttpStatusCode[] FoundOrNot = [HttpStatusCode.OK, HttpStatusCode.NotFound];

    public string Repository => repository;

    public string Host => transport.Endpoint.Host;

    /// <summary>Opens a connection and learns whether the authorization holds, with the cheapest request there is.</summary>
    public async Task WarmUpAsync(CancellationToken token)
    {
        using var response = await transport.SendAsync(
            new RegistryRequest(HttpMethod.Get, new Uri(transport.Endpoint.Root, "v2/")) { Expected = FoundOrNot }, token);
    }

    /// <param name="reference">Tag or digest.</param>
    /// <param name="token">Ends it.</param>
    public Task<ManifestDocument?> FindManifestAsync(string reference, CancellationToken token) =>
        retry.RunAsync(_ => ReadManifestAsync(reference, token), token);

    public async Task<ManifestDocument> GetManifestAsync(string reference, CancellationToken token) =>
        await FindManifestAsync(reference, token)
            ?? throw RegistryException.Missing($"{Host}/{repository} has no image '{reference}'.");

    /// <param name="reference">Tag or digest.</param>
    /// <param name="manifest">All that it names must be there already.</param>
    /// <param name="token">Ends it.</param>
    public Task PutManifestAsync(string reference, ManifestDocument manifest, CancellationToken token) => retry.RunAsync(
        async _ =>
        {
            using var response = await transport.SendAsync(
                new RegistryRequest(HttpMethod.Put, AddressOf("manifests", reference))
                {
                    Content = _ => new ByteArrayContent(manifest.Content) { Headers = { ContentType = new MediaTypeHeaderValue(manifest.MediaType) } },
                    Expected = [HttpStatusCode.Created, HttpStatusCode.OK],
                },
                token);
            return DigestOf(response) is { } stored && stored != manifest.Digest
                ? throw RegistryException.Broken($"{Host}/{repository} keeps the manifest {manifest.Digest} as {stored}.")
                : true;
        },
        token);

    /// <summary>A blob's bytes, checked while they are read. Retrying is up to the reader, who must begin anew.</summary>
    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken token)
    {
        TransferWatch? watch = null;
        HttpResponseMessage? response = null;
        try
        {
            watch = new TransferWatch(transport.Time, token);
            response = await transport.SendAsync(new RegistryRequest(HttpMethod.Get, AddressOf("blobs", blob.Digest.Text)), watch);
            var stream = new VerifiedStream(response, await response.Content.ReadAsStreamAsync(token), blob, Host, watch);
            (watch, response) = (null, null);
            return stream;
        }
        finally
        {
            response?.Dispose();
            watch?.Dispose();
        }
    }

    /// <summary>A small blob as a whole: an image's configuration.</summary>
    public Task<byte[]> ReadBlobAsync(Descriptor blob, CancellationToken token) => blob.Size > LongestManifest
        ? throw RegistryException.Broken($"The document {blob.Digest} of {Host}/{repository} has {blob.Size} bytes: that is no configuration.")
        : retry.RunAsync(
            async _ =>
            {
                await using var stream = await OpenBlobAsync(blob, token);
                using var content = new MemoryStream((int)blob.Size);
                await stream.CopyToAsync(content, token);
                return content.ToArray();
            },
            token);

    /// <summary>Brings a blob into the repository.</summary>
    public Task<BlobOutcome> PushBlobAsync(BlobSource blob, CancellationToken token) =>
        new BlobUpload(transport, repository, blob)
        .RunAsync(retry, () => IsKnownToBeThereAsync(blob.Descriptor.Digest, token), token);

    private async Task<ManifestDocument?> ReadManifestAsync(string reference, CancellationToken token)
    {
        using var watch = new TransferWatch(transport.Time, token);
        var request = new RegistryRequest(HttpMethod.Get, AddressOf("manifests", reference)) { Accept = ManifestTypes, Expected = FoundOrNot };
        using var response = await transport.SendAsync(request, watch);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        var content = await RegistryTransport.ReadAsync(request, response, LongestManifest, watch)
            ?? throw RegistryException.Broken($"The manifest '{reference}' of {Host}/{repository} is longer than {LongestManifest} bytes.");
        var type = response.Content.Headers.ContentType?.MediaType;
        var manifest = new ManifestDocument(ManifestTypes.Contains(type) ? type! : AnswerJson.Text(AnswerJson.Read(content), "mediaType") ?? type ?? "", content);
        var promised = Digest.TryParse(reference, out var asked) ? asked : DigestOf(response);
        return promised is not null && promised != manifest.Digest
            ? throw RegistryException.Broken($"The manifest '{reference}' of {Host}/{repository} should be {promised} and is {manifest.Digest}: it was changed or damaged on the way.")
            : manifest;
    }

    /// <summary>False also when that cannot be told: who may write need not be allowed to look, and the next try says by itself what is wrong.</summary>
    private async Task<bool> IsKnownToBeThereAsync(Digest blob, CancellationToken token)
    {
        try
        {
            using var response = await transport.SendAsync(
                new RegistryRequest(HttpMethod.Head, AddressOf("blobs", blob.Text)) { Expected = FoundOrNot }, token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (RegistryException)
        {
            return false;
        }
    }

    private static Digest? DigestOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.First(), out var digest) ? digest : null;

    private Uri AddressOf(string kind, string reference) => new(transport.Endpoint.Root, $"v2/{repository}/{kind}/{reference}");
}
