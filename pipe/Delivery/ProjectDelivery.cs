using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>From an app that is being published to an image in the repository, tagged.</summary>
/// <param name="registries">Ways to registries.</param>
/// <param name="publish">Begins to publish the app for one platform.</param>
/// <param name="time">Clock of pauses and limits.</param>
/// <param name="log">One line a decision; the timeline in debug.</param>
internal sealed class ProjectDelivery(Registries registries, Func<Platform, CancellationToken, Publishing> publish, TimeProvider time, ILogger log)
{
    public async Task<PushedImage> RunAsync(DeliveryRequest request, CancellationToken token)
    {
        var repository = request.Registry.Repository;
        var target = new TargetRepository(registries.Ecr(repository), registries.Client(repository), time, log);
        try
        {
            return await RunAsync(request, target, new Timeline(time, log), token);
        }
        catch (RegistryException failure)
        {
            throw await new PushDiagnosis(target.Ecr).ExplainAsync(failure, token);
        }
    }

    private async Task<PushedImage> RunAsync(DeliveryRequest request, TargetRepository target, Timeline timeline, CancellationToken token)
    {
        var looking = timeline.MeasureAsync("earlier images", () => target.LookAsync(request, token));
        using var sender = new LayerSender(target, looking, request, log);
        using var bases = new BaseImages(registries, target, request.Layers, log);
        var images = await Together.RunAsync(
            together =>
            {
                // A repository that is missing ends the build at once.
                together.Also(_ => looking);
                // The publisher takes one platform after the other, since two compilers do not fit into a step's memory; what follows the first overlaps the second.
                var apps = request.Platforms.Select(platform => (Platform: platform, Publishing: publish(platform, together.Token))).ToList();
                var delivery = new PlatformDelivery(bases, sender, request, timeline, log);
                var sending = Task.WhenAll(apps.Select(app => together.Start(_ => delivery.RunAsync(app.Platform, app.Publishing, looking, together))));
                together.Also(inner => target.KeepWarmAsync(Task.WhenAll(apps.Select(app => app.Publishing.App)), sending, inner));
                return sending;
            },
            token);
        var earlier = await looking;
        var top = await TopOfAsync(images, earlier, target, token);
        await timeline.MeasureAsync("manifest and tags", () => new Tagging(target, log).PutAsync(top, request.Registry.Tags, earlier, token));
        var pushed = new PushedImage
        {
            Repository = request.Registry.Repository,
            Digest = top.Digest,
            Children = images.Length > 1 ? [.. images.Select(image => image.Documents.Digest)] : [],
            Tags = request.Registry.Tags,
            SentBytes = images.SelectMany(image => image.Layers).Where(layer => layer.Origin == LayerOrigin.Sent).Sum(layer => layer.Size),
            Layers = [.. images.SelectMany(image => image.Layers)],
            BaseImages = [.. images.Select(image => image.BaseImage)],
            EntryPoint = ImageConfiguration.Parse(images[0].Documents.Configuration.Span).EntryPoint,
        };
        Report(pushed, timeline, isNew: earlier.Find(top.Digest) is null);
        return pushed;
    }

    /// <summary>The only image, or an index of them; its children stay without tags.</summary>
    private static async Task<ManifestDocument> TopOfAsync(IReadOnlyList<PlatformImage> images, EarlierImages earlier, TargetRepository target, CancellationToken token)
    {
        if (images is [var only])
        {
            return only.Manifest;
        }

        await Task.WhenAll(images
            .Where(image => earlier.Find(image.Manifest.Digest) is null)
            .Select(child => target.Registry.PutManifestAsync(child.Manifest.Digest.Text, child.Manifest, token)));
        var index = ImageIndex.Of([.. images.Select(image => image.Documents.Descriptor)]);
        return new ManifestDocument(index.MediaType, index.ToBytes());
    }

    private void Report(PushedImage image, Timeline timeline, bool isNew)
    {
        foreach (var layer in image.Layers.Where(layer => layer.Holds != "base"))
        {
            log.Information("Layer {Holds} for {Platform}: {Size:0.0} kB, {Origin}.", layer.Holds, layer.Platform, layer.Size / 1e3, layer.Origin.ToString().ToLowerInvariant());
        }

        log.Information(isNew ? "Pushed {Image}: {Sent:0.0} kB sent after {Elapsed:0.0} s." : "{Image} is there already: nothing was sent ({Sent:0.0} kB, {Elapsed:0.0} s).",
            image.Reference, image.SentBytes / 1e3, timeline.Elapsed.TotalSeconds);
    }
}
