using System.Collections.Concurrent;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>Makes an app's layers and sends those that the repository does not have, each as soon as it is compressed.</summary>
internal sealed class LayerSender(TargetRepository target, Task<EarlierImages> earlier, DeliveryRequest request, ILogger log) : IDisposable
{
    /// <summary>Compression keeps all cores busy by itself; a second layer only fills the gaps.</summary>
    private const int Compressing = 2;

    private const int Sending = 4;

    /// <summary>Of a layer's files in the record of the image: a static folder may have ten thousands.</summary>
    private const int MostFilesNamed = 1000;

    /// <summary>Bytes from which on it is worth a round trip to ask first: another branch may have pushed the same packages.</summary>
    private const long WorthAsking = 512 * 1024;

    private readonly ConcurrentDictionary<Digest, Lazy<Task<LayerOnItsWay>>> _made = new();
    private readonly SemaphoreSlim _compressing = new(Compressing);
    private readonly SemaphoreSlim _sending = new(Sending);

    public RegistryClient Registry => target.Registry;

    /// <summary>The layer as it will stand in the manifest; its upload is under way then.</summary>
    public async Task<LayerOnItsWay> BeginAsync(AppLayer layer, Platform platform, CancellationToken token)
    {
        var measured = await layer.MeasureAsync(token);
        if ((await earlier).FindLayer(measured.DiffId, request.Layers.Compression) is { } known)
        {
            log.Debug("The {Kind} layer is there as {Digest}.", layer.Kind, known.Digest);
            var reused = new ImageLayer(layer.Kind, measured.DiffId, known);
            return new LayerOnItsWay(reused, Task.FromResult(Pushed(reused, layer, platform, LayerOrigin.Reused)));
        }

        var mine = new Lazy<Task<LayerOnItsWay>>(() => MakeAsync(layer, measured, platform, token));
        var made = _made.GetOrAdd(measured.DiffId, mine);
        var way = await made.Value;
        if (made == mine)
        {
            return way;
        }

        // The other platform has the same: it is made and sent once.
        var same = new ImageLayer(layer.Kind, measured.DiffId, way.Layer.Descriptor);
        return new LayerOnItsWay(same, ArrivedAsync(way.Arrival, Pushed(same, layer, platform, LayerOrigin.Reused)));
    }

    private static async Task<PushedLayer> ArrivedAsync(Task<PushedLayer> arrival, PushedLayer same)
    {
        await arrival;
        return same;
    }

    private async Task<LayerOnItsWay> MakeAsync(AppLayer layer, LayerDigest measured, Platform platform, CancellationToken token)
    {
        await _compressing.WaitAsync(token);
        Spool? spool = null;
        try
        {
            spool = new Spool(request.WorkDirectory);
            var made = await layer.CompressAsync(measured, request.Layers.Compression, spool, token);
            var sending = SendAsync(made, spool, layer, platform, token);
            spool = null;
            return new LayerOnItsWay(made, sending);
        }
        finally
        {
            await (spool?.DisposeAsync() ?? ValueTask.CompletedTask);
            _compressing.Release();
        }
    }

    /// <summary>A document beside the layers: the configuration.</summary>
    public async Task<long> SendAsync(BlobSource blob, CancellationToken token)
    {
        if ((await earlier).HasBlob(blob.Descriptor.Digest))
        {
            return 0;
        }

        await _sending.WaitAsync(token);
        try
        {
            return await Registry.PushBlobAsync(blob, token) == BlobOutcome.Sent ? blob.Descriptor.Size : 0;
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Dispose()
    {
        _compressing.Dispose();
        _sending.Dispose();
    }

    private async Task<PushedLayer> SendAsync(ImageLayer layer, Spool spool, AppLayer source, Platform platform, CancellationToken token)
    {
        await using (spool)
        {
            await _sending.WaitAsync(token);
            try
            {
                var there = IsWorthAsking(layer) && (await target.FindPresentAsync([layer.Descriptor.Digest], await earlier, token)).Count > 0;
                var sent = !there && await Registry.PushBlobAsync(new BlobSource(layer.Descriptor, _ => Task.FromResult(spool.OpenRead())), token) == BlobOutcome.Sent;
                return Pushed(layer, source, platform, sent ? LayerOrigin.Sent : LayerOrigin.Reused);
            }
            finally
            {
                _sending.Release();
            }
        }
    }

    /// <summary>What the app itself is made of is this commit's alone.</summary>
    private static bool IsWorthAsking(ImageLayer layer) => layer.Kind != LayerKind.App && layer.Descriptor.Size >= WorthAsking;

    private static PushedLayer Pushed(ImageLayer layer, AppLayer source, Platform platform, LayerOrigin origin) => new()
    {
        Platform = platform,
        Holds = layer.Kind.ToString().ToLowerInvariant(),
        Digest = layer.Descriptor.Digest,
        Size = layer.Descriptor.Size,
        Files = [.. source.Files.Take(MostFilesNamed).Select(file => file.Path)],
        Origin = origin,
    };
}

/// <summary>A layer whose place in the manifest is known, while its bytes may still be on their way.</summary>
internal sealed record LayerOnItsWay(ImageLayer Layer, Task<PushedLayer> Arrival);
