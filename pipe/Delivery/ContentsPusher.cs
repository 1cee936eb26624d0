using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
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
        if (present is not null)
        {
            await System.Threading.Tasks.Parallel.ForEachAsync(
                contents.Blobs.Where(blob => !present.Contains(blob.Descriptor.Digest)),
                new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = token },
                async (blob, inner) => await target.Registry.PushBlobAsync(blob, inner));
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
            SentBytes = contents.Blobs.Where(blob => IsSent(blob.Descriptor.Digest, present)).Sum(blob => blob.Descriptor.Size),
            Layers = [.. contents.Layers.Select(layer => layer with { Origin = IsSent(layer.Digest, present) ? LayerOrigin.Sent : LayerOrigin.Reused })],
        };
    }

    private static bool IsSent(Digest blob, IReadOnlySet<Digest>? present) => present is not null && !present.Contains(blob);
}
