using System.Collections.Concurrent;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>Reads base images and brings their layers into the repository, each once for all platforms: mounted inside one registry, else streamed from one to the other.</summary>
internal sealed class BaseImages(Registries registries, TargetRepository target, LayerOptions options, ILogger log) : IDisposable
{
    private const int Parallel = 4;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Digest, Task<LayerOrigin>> _brought = new();
    private readonly SemaphoreSlim _bringing = new(Parallel);

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
    public async Task<IReadOnlyList<PushedLayer>> BringAsync(FoundBase found, EarlierImages earlier, Together together)
    {
        var layers = found.Image.Manifest.Layers.DistinctBy(layer => layer.Digest).ToList();
        var begun = Begin(layers, found, earlier, together);
        return await Task.WhenAll(layers.Select(async layer =>
        {
            var origin = await _brought[layer.Digest];
            return new PushedLayer
            {
                Platform = found.Image.Configuration.Platform!,
                Holds = "base",
                Digest = layer.Digest,
                Size = layer.Size,
                Origin = begun.Contains(layer.Digest) ? origin : LayerOrigin.Reused,
            };
        }));
    }

    public void Dispose() => _bringing.Dispose();

    /// <summary>Begins with the layers that the other platform has not begun with, and says which those are.</summary>
    private HashSet<Digest> Begin(IReadOnlyList<Descriptor> layers, FoundBase found, EarlierImages earlier, Together together)
    {
        lock (_gate)
        {
            var mine = layers.Where(layer => !_brought.ContainsKey(layer.Digest)).ToList();
            var looking = together.Start(token => target.FindPresentAsync(mine.Select(layer => layer.Digest), earlier, token));
            foreach (var layer in mine)
            {
                _brought[layer.Digest] = together.Start(async token => (await looking).Contains(layer.Digest) ? LayerOrigin.Reused : await BringAsync(layer, found, token));
            }

            return [.. mine.Select(layer => layer.Digest)];
        }
    }

    private async Task<LayerOrigin> BringAsync(Descriptor layer, FoundBase found, CancellationToken token)
    {
        var source = found.Source;
        var mountable = source.Host == target.Registry.Host && source.Repository != target.Registry.Repository;
        RegistryException? refusal = null;
        var blob = new BlobSource(layer, OpenAsync) { MountFrom = mountable ? source.Repository : null };
        await _bringing.WaitAsync(token);
        try
        {
            log.Information("Bringing a base layer of {Size:0.0} kB from {Source}.", layer.Size / 1e3, source.Host);
            return await target.Registry.PushBlobAsync(blob, token) switch
            {
                BlobOutcome.Mounted => LayerOrigin.Mounted,
                BlobOutcome.Present => LayerOrigin.Reused,
                _ => LayerOrigin.Sent,
            };
        }
        catch (RegistryException failure) when (failure == refusal || failure.IsOfContent)
        {
            throw BaseRefusals.Explain(failure, found.Reference, options);
        }
        finally
        {
            _bringing.Release();
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
