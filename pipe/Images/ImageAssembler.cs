using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>Lays the app's layers upon a base image: configuration and manifest, with the meaning that the SDK's own container publish gives them.</summary>
internal static class ImageAssembler
{
    // The convention of Microsoft's images for the user that an app should run as.
    private const string UserVariable = "APP_UID";

    public static ImageDocuments Compose(BaseImage baseImage, ContainerFacts facts, IReadOnlyList<ImageLayer> layers)
    {
        var configuration = Configure(baseImage, facts, layers).ToBytes();
        var docker = IsDocker(baseImage, facts, layers);
        var manifest = new ImageManifest
        {
            MediaType = docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest,
            Configuration = new Descriptor
            {
                MediaType = docker ? MediaTypes.DockerConfiguration : MediaTypes.OciConfiguration,
                Digest = Digest.Of(configuration),
                Size = configuration.Length,
            },
            Layers = [.. baseImage.Manifest.Layers.Concat(layers.Select(layer => layer.Descriptor)).Select(layer => InFormat(layer, docker))],
        };
        var bytes = manifest.ToBytes();
        return new ImageDocuments
        {
            Configuration = configuration,
            Manifest = bytes,
            Content = manifest,
            Descriptor = new Descriptor
            {
                MediaType = manifest.MediaType,
                Digest = Digest.Of(bytes),
                Size = bytes.Length,
                Platform = baseImage.Configuration.Platform,
            },
        };
    }

    private static ImageConfiguration Configure(BaseImage baseImage, ContainerFacts facts, IReadOnlyList<ImageLayer> layers)
    {
        var (entryPoint, command) = facts.Start.Over(baseImage.Configuration.EntryPoint);
        var changes = new ConfigurationChanges
        {
            EntryPoint = entryPoint,
            Command = command,
            WorkingDirectory = facts.WorkingDirectory,
            User = facts.User ?? facts.Environment.LastOrDefault(variable => variable.Key == UserVariable).Value ?? baseImage.Configuration.Variable(UserVariable),
            Environment = facts.Environment,
            Labels = facts.LabelsBaseDigest
                ? [.. facts.Labels, new("org.opencontainers.image.base.digest", baseImage.Digest.Text)]
                : facts.Labels,
            Layers = [.. layers.Select(layer => (layer.DiffId, $"dotnet publish: {layer.Kind.ToString().ToLowerInvariant()}"))],
        };
        return baseImage.Configuration.With(changes with { Ports = [.. facts.Ports, .. ListeningPorts.Of(baseImage.Configuration, facts.Environment)] });
    }

    // The base decides, unless the project does; zstd layers have no Docker media type.
    private static bool IsDocker(BaseImage baseImage, ContainerFacts facts, IReadOnlyList<ImageLayer> layers)
    {
        var zstd = baseImage.Manifest.Layers.Concat(layers.Select(layer => layer.Descriptor)).Any(layer => layer.MediaType == MediaTypes.OciLayerZstd);
        return !zstd && (facts.ImageFormat?.Equals("Docker", StringComparison.OrdinalIgnoreCase) ?? baseImage.Manifest.IsDocker);
    }

    private static Descriptor InFormat(Descriptor layer, bool docker) => layer.MediaType switch
    {
        MediaTypes.OciLayerGzip when docker => layer with { MediaType = MediaTypes.DockerLayerGzip },
        MediaTypes.DockerLayerGzip when !docker => layer with { MediaType = MediaTypes.OciLayerGzip },
        _ => layer,
    };
}
