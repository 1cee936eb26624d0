using System.Net;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>One platform's image: while the compiler runs, all is done that does not need its output; afterwards only what is new is made and sent.</summary>
internal sealed class PlatformDelivery(BaseImages bases, LayerSender sender, DeliveryRequest request, Timeline timeline, ILogger log)
{
    /// <param name="platform">What the image runs on.</param>
    /// <param name="publishing">The app, while it is being published.</param>
    /// <param name="looking">What is in the repository already, as soon as it is known.</param>
    /// <param name="together">Runs the parts; what fails here ends the publishing too.</param>
    public async Task<PlatformImage> RunAsync(Platform platform, Publishing publishing, Task<EarlierImages> looking, Together together)
    {
        var app = together.Start(_ => timeline.MeasureAsync($"publish for {platform}", () => publishing.App));
        var ground = together.Start(inner => timeline.MeasureAsync("base image", () => FindGroundAsync(platform, publishing, looking, inner)));
        var baseLayers = together.Start(_ => timeline.MeasureAsync("base layers", async () => await bases.BringAsync((await ground).Base, await looking, together)));

        var published = await app;
        var layers = await timeline.MeasureAsync("hash and compress", () => BeginAsync(published, platform, together));
        var image = Compose(await ground, published, layers);
        if ((await looking).Find(image.Digest) is null)
        {
            var configuration = together.Start(inner => sender.SendAsync(BlobSource.Of(image.Content.Configuration, image.Configuration.ToArray()), inner));
            await timeline.MeasureAsync("send", () => Task.WhenAll([.. layers.Select(layer => layer.Arrival), baseLayers, configuration]));
        }

        var arrived = await Task.WhenAll(layers.Select(layer => layer.Arrival));
        return new PlatformImage(image, [.. await baseLayers, .. arrived], (await ground).Base.Name);
    }

    private static ImageDocuments Compose(Ground ground, PublishedApp app, IReadOnlyList<LayerOnItsWay> layers)
    {
        var image = ImageAssembler.Compose(ground.Base.Image, app.Facts, [.. layers.Select(layer => layer.Layer)]);
        if (ground.Tagged is { } tagged && tagged.Digest != image.Digest)
        {
            tagged.Check(ImageConfiguration.Parse(image.Configuration.Span).EntryPoint);
        }

        return image;
    }

    private async Task<Ground> FindGroundAsync(Platform platform, Publishing publishing, Task<EarlierImages> looking, CancellationToken token)
    {
        var text = request.Layers.BaseImage ?? await publishing.BaseImage.WaitAsync(token);
        if (!ImageReference.TryParse(text, out var reference))
        {
            throw request.Layers.BaseImage is null
                ? new BuildException($"The base image '{text}', which the project names, is not {ImageReference.Rule}.")
                : BuildException.OfSettings($"BASE_IMAGE is '{text}'. It must be {ImageReference.Rule}.");
        }

        var tagged = await TaggedImage.FindAsync(await looking, request.CommitTags, (platform, sender.Registry, log), token);
        var wanted = tagged?.BaseOf(reference, platform) ?? reference;
        if (wanted != reference)
        {
            log.Information("The tag {Tag} is there already: building upon the base image that it records, {Base}.", tagged!.Tag, wanted);
        }

        return new Ground(await FindBaseAsync(wanted, reference, platform, token), tagged);
    }

    private async Task<FoundBase> FindBaseAsync(ImageReference wanted, ImageReference reference, Platform platform, CancellationToken token)
    {
        try
        {
            return await bases.FindAsync(wanted, platform, token);
        }
        catch (RegistryException gone) when (gone.Status == HttpStatusCode.NotFound && wanted != reference)
        {
            log.Information("The base image {Wanted} of then is there no more: building upon {Reference}, so this image is another one.", wanted, reference);
            return await FindBaseAsync(reference, reference, platform, token);
        }
        catch (RegistryException refusal)
        {
            throw BaseRefusals.Explain(refusal, wanted, request.Layers);
        }
        catch (DocumentException unreadable)
        {
            throw BaseRefusals.Unreadable(unreadable, wanted);
        }
    }

    private Task<LayerOnItsWay[]> BeginAsync(PublishedApp app, Platform platform, Together together) =>
        Task.WhenAll(app.Layers.Select(layer => together.Start(async token =>
        {
            var begun = await sender.BeginAsync(layer, platform, token);
            together.Also(_ => begun.Arrival);
            return begun;
        })));

    /// <summary>What the app is laid upon, and what stands under its tag until now.</summary>
    private sealed record Ground(FoundBase Base, TaggedImage? Tagged);
}

/// <summary>One platform's image: all that its manifest names is in the repository.</summary>
internal sealed record PlatformImage(ImageDocuments Documents, IReadOnlyList<PushedLayer> Layers, string BaseImage)
{
    public ManifestDocument Manifest { get; } = new(Documents.Descriptor.MediaType, Documents.Manifest.ToArray());
}
