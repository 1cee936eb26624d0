using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>Reads base images and brings their layers into the repository: mounted inside one registry, else streamed from one to the other.</summary>
internal sealed class BaseImages(Registries registries, TargetRepository target, LayerOptions options, ILogger log)
{
    private const int Parallel = 4;

    public async Task<FoundBase> FindAsync(ImageReference reference, Platform platform, CancellationToken token)
    {
        var registry = registries.Client(reference, options.BaseLogin);
        var document = await registry.GetManifestAsync(reference.Wanted, token);
        if (document.IsIndex)
        {
            var child = ImageIndex.Parse(document.Content, document.MediaType).Find(platform)
                ?? throw new BuildException($"The base image {reference} is not there for {platform}. Choose one that is, or set PLATFORMS.");
            document = await registry.GetManifestAsync(child.Digest.Text, token);
        }

        var manifest = ImageManifest.Parse(document.Content, document.MediaType);
        var configuration = ImageConfiguration.Parse(await registry.ReadBlobAsync(manifest.Configuration, token));
        var image = new BaseImage(document.Digest, manifest, configuration);
        image.Check(reference.ToString(), platform);
        return new FoundBase(reference, image, registry);
    }

    /// <summary>Afterwards the repository has every layer of the base.</summary>
    public async Task<IReadOnlyList<PushedLayer>> BringAsync(FoundBase found, EarlierImages earlier, CancellationToken token)
    {
        var image = found.Image;
        var present = await target.FindPresentAsync(image.Manifest.Layers.Select(layer => layer.Digest), earlier, token);
        var layers = image.Manifest.Layers.DistinctBy(layer => layer.Digest).ToList();
        var brought = new PushedLayer[layers.Count];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            layers.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = token },
            async (entry, inner) =>
            {
                var (index, layer) = entry;
                brought[index] = new PushedLayer
                {
                    Platform = image.Configuration.Platform!,
                    Holds = "base",
                    Digest = layer.Digest,
                    Size = layer.Size,
                    Origin = present.Contains(layer.Digest) ? LayerOrigin.Reused : await BringAsync(layer, found, inner),
                };
            });
        return brought;
    }

    private async Task<LayerOrigin> BringAsync(Descriptor layer, FoundBase found, CancellationToken token)
    {
        var source = found.Source;
        var mountable = source.Host == target.Registry.Host && source.Repository != target.Registry.Repository;
        log.Information("Bringing a base layer of {Size:0.0} kB from {Source}.", layer.Size / 1e3, source.Host);
        RegistryException? refusal = null;
        var blob = new BlobSource(layer, OpenAsync) { MountFrom = mountable ? source.Repository : null };
        try
        {
            return await target.Registry.PushBlobAsync(blob, token) switch
            {
                BlobOutcome.Mounted => LayerOrigin.Mounted,
                BlobOutcome.Present => LayerOrigin.Reused,
                _ => LayerOrigin.Sent,
            };
        }
        catch (RegistryException failure) when (failure == refusal)
        {
            throw BaseRefusals.Explain(failure, found.Reference, options);
        }

        async Task<Stream> OpenAsync(CancellationToken inner)
        {
            try
            {
                return await source.OpenBlobAsync(layer, inner);
            }
            catch (RegistryException failure)
            {
                // Both may be one registry, so the host alone does not tell whose failure it is.
                refusal = failure;
                throw;
            }
        }
    }
}

/// <summary>A base image, by what name, and the client that read it: it has shown who may read there already.</summary>
internal sealed record FoundBase(ImageReference Reference, BaseImage Image, RegistryClient Source)
{
    /// <summary>By digest.</summary>
    public string Name => $"{Reference.Host}/{Reference.Name}@{Image.Digest}";
}
