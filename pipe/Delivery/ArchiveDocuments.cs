using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Delivery;

/// <summary>The small JSON documents of an archive.</summary>
internal static class ArchiveDocuments
{
    /// <summary>As ECR takes manifests; a configuration is smaller.</summary>
    private const int Longest = 4 * 1024 * 1024;

    /// <summary>What BuildKit says its attestations run on, in the index and in their configurations.</summary>
    public const string Attestation = "unknown/unknown";

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

    /// <summary>A document of a layout, which must be what it is named by.</summary>
    public static async Task<byte[]> ReadAsync(IImageFiles files, Descriptor descriptor, CancellationToken token)
    {
        var content = await ReadAsync(files, LayoutReader.NameOf(descriptor.Digest), token);
        return Digest.Of(content) is var digest && digest == descriptor.Digest && content.Length == descriptor.Size ? content
            : throw new BuildException($"IMAGE_ARCHIVE: what lies in the archive as {descriptor.Digest} is {digest}: it was damaged or forged.");
    }

    /// <summary>An image's configuration; null for attestations, which are manifests without a program.</summary>
    public static async Task<ImageConfiguration?> ConfigurationOfAsync(IImageFiles files, ImageManifest manifest, CancellationToken token)
    {
        if (manifest.Configuration.MediaType is not (MediaTypes.OciConfiguration or MediaTypes.DockerConfiguration))
        {
            return null;
        }

        var configuration = ImageConfiguration.Parse(await ReadAsync(files, manifest.Configuration, token));
        if (configuration.RunsOn == Attestation)
        {
            return null;
        }

        return configuration.DiffIds.Count == manifest.Layers.Count ? configuration
            : throw new BuildException($"IMAGE_ARCHIVE: the image for {configuration.RunsOn} has {manifest.Layers.Count} layers and names {configuration.DiffIds.Count}.");
    }
}
