using EcsDeploy.Images;
using EcsDeploy.Oci;

namespace EcsDeploy.Delivery;

/// <summary>The small JSON documents of an archive.</summary>
internal static class ArchiveDocuments
{
    /// <summary>As ECR takes manifests; a configuration is smaller.</summary>
    private const int Longest = 4 * 1024 * 1024;

    public static async Task<byte[]> ReadAsync(IImageFiles files, string name, CancellationToken token)
    {
        if (files.LengthOf(name) > Longest)
        {
            throw new BuildException($"IMAGE_ARCHIVE: '{name}' has {files.LengthOf(name)} bytes: that is no document of an image.");
        }

        await using var file = files.Open(name);
        using var content = new MemoryStream();
        await file.CopyToAsync(content, token);
        return content.ToArray();
    }

    /// <summary>An image's configuration; null for attestations, which are manifests without a program.</summary>
    public static async Task<ImageConfiguration?> ConfigurationOfAsync(IImageFiles files, string configurationName, ImageManifest manifest, CancellationToken token)
    {
        if (manifest.Configuration.MediaType is not (MediaTypes.OciConfiguration or MediaTypes.DockerConfiguration))
        {
            return null;
        }

        var configuration = ImageConfiguration.Parse(await ReadAsync(files, configurationName, token));
        if (configuration.Platform is { } platform && configuration.DiffIds.Count != manifest.Layers.Count)
        {
            throw new BuildException($"IMAGE_ARCHIVE: the image for {platform} has {manifest.Layers.Count} layers and names {configuration.DiffIds.Count}.");
        }

        return configuration.Platform is null ? null : configuration;
    }
}
