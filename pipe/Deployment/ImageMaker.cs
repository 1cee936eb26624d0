using EcsDeploy.Delivery;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Makes the image from whatever the settings name as its source, and brings it into the repository.</summary>
internal sealed class ImageMaker(AppPublisher publisher, Registries registries, BuildSite site, TimeProvider time, ILogger log)
{
    /// <param name="settings">Source and repository; both are there for every action that makes an image.</param>
    /// <param name="running">Digests whose layers may be reused; nothing is sent before they are known.</param>
    /// <param name="token">Ends it.</param>
    public Task<PushedImage> MakeAsync(PipeSettings settings, Task<IReadOnlyList<string>> running, CancellationToken token) => settings.Source switch
    {
        ImageSource.Project project => DeliverAsync(settings, project.Layers, running, (platform, inner) => publisher.Start(project, platform, inner), token),
        ImageSource.PublishedFolder folder => DeliverAsync(settings, folder.Layers, running, (platform, inner) => publisher.Start(folder, platform, inner), token),
        _ => throw new InvalidOperationException($"There is no way to make an image from {settings.Source}."),
    };

    private Task<PushedImage> DeliverAsync(
        PipeSettings settings, LayerOptions layers, Task<IReadOnlyList<string>> running, Func<Platform, CancellationToken, Publishing> publish, CancellationToken token)
    {
        var request = new DeliveryRequest
        {
            Registry = settings.Registry!,
            Platforms = settings.Source!.Platforms,
            Layers = layers,
            Earlier = running,
            WorkDirectory = site.WorkDirectory,
        };
        return new ProjectDelivery(registries, publish, time, log).RunAsync(request, token);
    }
}
