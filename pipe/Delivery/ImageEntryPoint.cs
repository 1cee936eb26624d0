using EcsDeploy.Ecr;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>Reads what an image starts from its configuration in the repository, where nobody here made it.</summary>
internal sealed class ImageEntryPoint(EcrClient ecr, RegistryClient registry, ILogger log)
{
    /// <summary>The image with its entry point; as it was where the configuration cannot be read.</summary>
    public async Task<PushedImage> TellAsync(PushedImage image, CancellationToken token)
    {
        if (image.EntryPoint is not null)
        {
            return image;
        }

        try
        {
            var found = await ecr.FindImageAsync((image.Children is [var child, ..] ? child : image.Digest).Text, token);
            if (found is null || !ImageManifest.Is(found.MediaType))
            {
                return image;
            }

            var configuration = await registry.ReadBlobAsync(ImageManifest.Parse(found.Manifest, found.MediaType).Configuration, token);
            return image with { EntryPoint = ImageConfiguration.Parse(configuration).EntryPoint };
        }
        catch (Exception unreadable) when (unreadable is PipeException or DocumentException)
        {
            log.Debug("The entry point of {Image} cannot be read: {Reason}", image.Reference, unreadable.Message);
            return image;
        }
    }
}
