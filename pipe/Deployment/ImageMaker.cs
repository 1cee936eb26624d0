using EcsDeploy.Delivery;
using EcsDeploy.Docker;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Processes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Makes the image from whatever the settings name as its source, and brings it into the repository.</summary>
internal sealed class ImageMaker(AppPublisher publisher, Registries registries, BuildSite site, TimeProvider time, ILogger log)
{
    /// <summary>Git's own default.</summary>
    private const int ShortHash = 7;

    /// <param name="settings">Source and repository; both are there for every action that makes an image.</param>
    /// <param name="running">Digests whose layers may be reused; nothing is sent before they are known.</param>
    /// <param name="token">Ends it.</param>
    public Task<PushedImage> MakeAsync(PipeSettings settings, Task<IReadOnlyList<string>> running, CancellationToken token)
    {
        var (repository, tags) = (settings.Registry!.Repository, settings.Registry.Tags);
        log.Information(
            tags.Count switch { 0 => "The image goes to {Repository}, without a tag", 1 => "The image goes to {Repository}, with the tag {Tags}", _ => "The image goes to {Repository}, with the tags {Tags}" },
            repository.Address, string.Join(", ", tags));
        return DeliverAsync(settings, running, token);
    }

    private Task<PushedImage> DeliverAsync(PipeSettings settings, Task<IReadOnlyList<string>> running, CancellationToken token) => settings.Source switch
    {
        ImageSource.Project project => DeliverAsync(settings, project.Layers, running, (platform, inner) => publisher.Start(project, platform, inner), token),
        ImageSource.PublishedFolder folder => DeliverAsync(settings, folder.Layers, running, (platform, inner) => publisher.Start(folder, platform, inner), token),
        ImageSource.Archive archive => new ArchiveDelivery(registries, time, log).RunAsync(Path.GetFullPath(archive.Path, site.CloneDirectory), Request(settings, running), token),
        ImageSource.Dockerfile file => Docker().RunAsync(file, Request(settings, running), token),
        ImageSource.DockerImage image => Docker().RunAsync(image, Request(settings, running), token),
        _ => throw new InvalidOperationException($"There is no way to make an image from {settings.Source}."),
    };

    private Task<PushedImage> DeliverAsync(
        PipeSettings settings, LayerOptions layers, Task<IReadOnlyList<string>> running, Func<Platform, CancellationToken, Publishing> publish, CancellationToken token)
    {
        var request = Request(settings, running) with { Layers = layers };
        return new ProjectDelivery(registries, publish, time, log).RunAsync(request, token);
    }

    private DeliveryRequest Request(PipeSettings settings, Task<IReadOnlyList<string>> running) => new()
    {
        Registry = settings.Registry!,
        CommitTags = [.. settings.Registry!.Tags.Where(tag => IsOfCommit(tag.Text, settings.Bitbucket))],
        Platforms = settings.Source!.Platforms,
        Earlier = running,
        WorkDirectory = site.WorkDirectory,
    };

    /// <summary>By the commit's abbreviated hash, or the git tag that is built.</summary>
    private static bool IsOfCommit(string tag, BitbucketContext bitbucket) =>
        (bitbucket.Commit is { Length: >= ShortHash } commit && tag.Contains(commit[..ShortHash], StringComparison.OrdinalIgnoreCase))
        || (bitbucket.Tag is { Length: > 0 } built && tag.Contains(built, StringComparison.Ordinal));

    private DockerDelivery Docker()
    {
        var docker = new DockerSite
        {
            CloneDirectory = site.CloneDirectory,
            ConfigurationDirectory = Directory.CreateDirectory(Path.Combine(site.WorkDirectory, "docker")).FullName,
            Environment = site.Environment,
        };
        return new DockerDelivery(registries, new DockerCommandLine(new ProcessRunner(time), docker, log), time, log);
    }
}
