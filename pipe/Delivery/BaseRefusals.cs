using System.Net;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Registry;
using EcsDeploy.Settings;

namespace EcsDeploy.Delivery;

/// <summary>Says what it means that a base image was not given out: a name that is wrong, or a login; none of it is about the push.</summary>
internal static class BaseRefusals
{
    /// <summary>The failure in its reader's words.</summary>
    public static PipeException Explain(RegistryException failure, ImageReference image, LayerOptions layers) => failure.Status switch
    {
        not null when failure.IsOfRedirect => new PushException(
            $"The base image {image} cannot be read: {failure.Message} {image.Host} keeps its layers there: look whether the step may reach {failure.Host} (HTTPS_PROXY, the policy of a VPC endpoint), or name a copy of the image in BASE_IMAGE.",
            failure),
        HttpStatusCode.NotFound => BuildException.OfSettings($"The base image {image} is not there: {failure.Message} {WhereNamed(layers)}", failure),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => PushException.OfAccess($"The base image {image} may not be read: {failure.Message} {Access(image, layers)}", failure),
        null when failure.Host is { } host => new PushException(
            $"The base image {image} cannot be read: {failure.Message} Look whether the step reaches {host} (HTTPS_PROXY), or name a copy of the image in BASE_IMAGE.", failure),
        _ => new PushException($"The base image {image} cannot be read: {failure.Message} Run the step again later, or name a copy of the image in BASE_IMAGE.", failure),
    };

    /// <summary>What came in place of the image's documents is none.</summary>
    public static PushException Unreadable(DocumentException fault, ImageReference image) => new(
        $"The base image {image} cannot be read: {fault.Message} Look whether {image.Host} is a registry and nothing answers in its place (a proxy's page), or name a copy of the image in BASE_IMAGE.", fault);

    private static string WhereNamed(LayerOptions layers) => layers.BaseImage is null
        ? "The project names it (ContainerBaseImage, or what the SDK infers); BASE_IMAGE can name another."
        : "Correct BASE_IMAGE.";

    private static string Access(ImageReference image, LayerOptions layers)
    {
        if (layers.BaseLogin is { } login)
        {
            return $"The login of BASE_IMAGE_USERNAME ('{login.UserName}') and BASE_IMAGE_PASSWORD was used at {image.Host}: correct them, or give that user the right to pull.";
        }

        return EcrRepository.TryParse($"{image.Host}/{image.Name}", out var repository)
            ? $"Allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the repository {repository.Name} of account {repository.Account} to the role that pushes, or correct the image's name."
            : $"Set BASE_IMAGE_USERNAME and BASE_IMAGE_PASSWORD to a login for {image.Host}, or correct the name: many registries answer so for an image that is not there.";
    }
}
