using EcsDeploy.Images;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>From an OCI layout or a Docker archive to an image in the repository, without unpacking and without Docker.</summary>
internal sealed class ArchiveDelivery(Registries registries, TimeProvider time, ILogger log)
{
    /// <param name="path">An archive, gzipped or not, or the folder of an OCI layout.</param>
    /// <param name="request">Where to; its platforms and layer options are the archive's business.</param>
    /// <param name="token">Ends it.</param>
    public async Task<PushedImage> RunAsync(string path, DeliveryRequest request, CancellationToken token)
    {
        var repository = request.Registry.Repository;
        var target = new TargetRepository(registries.Ecr(repository), registries.Client(repository), time, log);
        try
        {
            using var files = await OpenAsync(path, request.WorkDirectory, token);
            var earlier = await target.LookAsync(request, token);
            await using var docker = new DockerArchiveReader(files, earlier, request.WorkDirectory);
            // What Docker 25 and later save is both; there the layers are plain tars too, which only this reader compresses.
            var contents = files.LengthOf(DockerArchiveReader.ManifestName) is not null ? await docker.ReadAsync(token)
                : files.LengthOf(LayoutReader.IndexName) is not null ? await new LayoutReader(files).ReadAsync(token)
                : throw new BuildException($"IMAGE_ARCHIVE: {path} holds no image: neither {LayoutReader.IndexName} of an OCI layout nor {DockerArchiveReader.ManifestName} of docker save is in it.");
            await CheckTagAsync(contents, earlier, target, request, token);
            var image = await new ContentsPusher(target, request, log).PushAsync(contents, earlier, token);
            log.Information("Pushed {Image} from {Archive}: {Sent:0.0} kB sent.", image.Reference, path, image.SentBytes / 1e3);
            return image;
        }
        catch (RegistryException failure)
        {
            throw await new PushDiagnosis(target.Ecr).ExplainAsync(failure, token);
        }
    }

    /// <summary>Another app's image keeps this commit's tag.</summary>
    private async Task CheckTagAsync(ImageContents contents, EarlierImages earlier, TargetRepository target, DeliveryRequest request, CancellationToken token)
    {
        if (contents.Configurations is [{ Platform: { } platform } configuration, ..]
            && await TaggedImage.FindAsync(earlier, request.CommitTags, (platform, target.Registry, log), token) is { } tagged)
        {
            tagged.Check(configuration.EntryPoint);
        }
    }

    private static async Task<IImageFiles> OpenAsync(string path, string workDirectory, CancellationToken token)
    {
        if (Directory.Exists(path))
        {
            return new LayoutFolder(path);
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw BuildException.OfSettings($"IMAGE_ARCHIVE is '{path}': there is no such file.");
        }

        return FolderScan.IsSpecial(file)
            ? throw BuildException.OfSettings($"IMAGE_ARCHIVE is '{path}': that is no file but a pipe, a socket or a device. An archive is read more than once: write it to a file.")
            : await TarFiles.OpenAsync(path, workDirectory, token);
    }
}
