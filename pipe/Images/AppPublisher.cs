using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Processes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Images;

/// <summary>Makes a published app from what the settings name: a project to publish, or a folder that was published before.</summary>
internal sealed class AppPublisher(ProcessRunner processes, BuildSite site, ILogger log) : IDisposable
{
    // One after another: two platforms of one project share its obj folder, and memory holds one build.
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>Begins at once; both tasks of the result fail alike.</summary>
    public Publishing Start(ImageSource.Project source, Platform platform, CancellationToken token)
    {
        var baseImage = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Publishing(baseImage.Task, TellAsync(baseImage, PublishAsync(source, platform, baseImage, token)));
    }

    /// <summary>Begins at once; both tasks of the result fail alike.</summary>
    public Publishing Start(ImageSource.PublishedFolder source, Platform platform, CancellationToken token)
    {
        var baseImage = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Publishing(baseImage.Task, TellAsync(baseImage, ReadFolderAsync(source, platform, token)));
    }

    public void Dispose() => _oneAtATime.Dispose();

    private static async Task<PublishedApp> TellAsync(TaskCompletionSource<string> baseImage, Task<PublishedApp> publishing)
    {
        try
        {
            var app = await publishing;
            baseImage.TrySetResult(app.Facts.BaseImage);
            return app;
        }
        catch (OperationCanceledException cancelled)
        {
            baseImage.TrySetCanceled(cancelled.CancellationToken);
            throw;
        }
        catch (DocumentException error)
        {
            // A broken file of the app, not of an image.
            var fault = new BuildException(error.Message, error);
            baseImage.TrySetException(fault);
            throw fault;
        }
        catch (Exception error)
        {
            // Whatever it was: whoever waits for the base image waits no longer.
            baseImage.TrySetException(error);
            throw;
        }
    }

    private async Task<PublishedApp> PublishAsync(ImageSource.Project source, Platform platform, TaskCompletionSource<string> baseImage, CancellationToken token)
    {
        var project = ProjectFinder.Find(site.CloneDirectory, source.Path);
        var folder = Path.Combine(site.WorkDirectory, platform.RuntimeIdentifier);
        await _oneAtATime.WaitAsync(token);
        try
        {
            var publish = new DotnetPublish(processes, site, log);
            var facts = await publish.RunAsync(project, source, platform, folder, told => baseImage.TrySetResult(told), token);
            return ToApp(folder, facts, source.Layers.BaseImage, platform);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<PublishedApp> ReadFolderAsync(ImageSource.PublishedFolder source, Platform platform, CancellationToken token)
    {
        var folder = Path.GetFullPath(source.Path, site.CloneDirectory).TrimEnd('/');
        if (!Directory.Exists(folder))
        {
            throw BuildException.OfSettings($"PUBLISH_DIR is '{source.Path}': there is no such folder in the clone.");
        }

        var answer = folder + ContainerQuery.FileSuffix;
        var facts = File.Exists(answer) ? ContainerAnswer.Read(await File.ReadAllBytesAsync(answer, token), reproducible: true) : null;
        return ToApp(folder, facts is null ? null : WithBase(facts, source.Layers.BaseImage), source.Layers.BaseImage, platform);
    }

    private PublishedApp ToApp(string folder, ContainerFacts? facts, string? baseImage, Platform platform)
    {
        // First, since it tells what cannot be read.
        var files = FolderScan.Of(folder);
        var dependencies = DependencyFile.Read(folder);
        if (facts is null)
        {
            facts = AssumedFacts.Of(folder)?.ToFacts(baseImage, dependencies, platform)
                ?? throw new BuildException($"{folder} holds no published app: there is neither an app's .dll with its .runtimeconfig.json nor a program in it.");
            log.Information(
                "Nothing beside {Folder} says what its container should be; assuming it starts with {Start} on {BaseImage}",
                folder, string.Join(' ', facts.Start.AppCommand), facts.BaseImage);
        }

        return PublishedFolder.ToApp(folder, files, facts.RuntimeIdentifier.Length > 0 ? facts : WithoutChoice(folder, facts, platform), dependencies, platform);
    }

    // The project lists runtimes and was published for none: what the choice alone decides is this platform's, and the folder's only app is what starts.
    private static ContainerFacts WithoutChoice(string folder, ContainerFacts facts, Platform platform) => facts with
    {
        RuntimeIdentifier = platform.RuntimeIdentifier,
        Start = facts.Start.NeedsAppCommand && AssumedFacts.Of(folder) is { } assumed
            ? facts.Start with { AppCommand = assumed.CommandIn(facts.WorkingDirectory.TrimEnd('/') + "/") }
            : facts.Start,
    };

    // As if BASE_IMAGE had been given when the folder was published.
    private static ContainerFacts WithBase(ContainerFacts facts, string? baseImage) => baseImage is null ? facts : facts with
    {
        BaseImage = baseImage,
        Labels = [.. facts.Labels.Select(label => label.Key == "org.opencontainers.image.base.name" ? new(label.Key, baseImage) : label)],
    };
}
