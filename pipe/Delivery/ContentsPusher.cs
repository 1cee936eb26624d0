using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>Brings an image that is whole already into the repository: blobs that are missing, then manifests, then tags.</summary>
internal sealed class ContentsPusher(TargetRepository target, DeliveryRequest request, ILogger log)
{
    private const int Parallel = 4;

    public async Task<PushedImage> PushAsync(ImageContents contents, EarlierImages earlier, CancellationToken token)
    {
        var top = contents.Manifests[^1];
        var present = earlier.Find(top.Digest) is null ? await target.FindPresentAsync(contents.Blobs.Select(blob => blob.Descriptor.Digest), earlier, token) : null;
        var missing = contents.Blobs.Where(blob => IsSent(blob.Descriptor.Digest, present)).ToList();
        await Together.RunAsync(
            together =>
            {
                together.Also(contents.CheckAsync);
                together.Also(inner => SendAsync(missing, inner));
                return Task.FromResult(true);
            },
            token);
        if (present is not null)
        {
            foreach (var manifest in contents.Manifests.SkipLast(1))
            {
                await target.Registry.PutManifestAsync(manifest.Digest.Text, manifest, token);
            }
        }

        await new Tagging(target, log).PutAsync(top, request.Registry.Tags, earlier, token);
        return new PushedImage
        {
            Repository = request.Registry.Repository,
            Digest = top.Digest,
            Children = top.IsIndex ? ImageIndex.Parse(top.Content, top.MediaType).Images : [],
            Tags = request.Registry.Tags,
            SentBytes = missing.Sum(blob => blob.Descriptor.Size),
            Layers = [.. contents.Layers.Select(layer => layer with { Origin = IsSent(layer.Digest, present) ? LayerOrigin.Sent : LayerOrigin.Reused })],
        };
    }

    private Task SendAsync(IReadOnlyList<BlobSource> blobs, CancellationToken token) => System.Threading.Tasks.Parallel.ForEachAsync(
        blobs,
        new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = token },
        async (blob, inner) => await target.Registry.PushBlobAsync(blob, inner));

    private static bool IsSent(Digest blob, IReadOnlySet<Digest>? present) => present is not null && !present.Contains(blob);
}
