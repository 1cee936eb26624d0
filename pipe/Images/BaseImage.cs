using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>The image that the app's layers are laid upon, for one platform; the digest is its manifest's, never an index's.</summary>
internal sealed record BaseImage(Digest Digest, ImageManifest Manifest, ImageConfiguration Configuration)
{
    /// <summary>Refuses a configuration that does not fit its manifest, and a base for another platform.</summary>
    public void Check(string reference, Platform platform)
    {
        if (Configuration.Platform != platform)
        {
            throw new BuildException(
                $"The base image {reference} is for {Configuration.OperatingSystem}/{Configuration.Architecture}, but the app is for {platform}. "
                + "Choose a base image that is there for both, or set PLATFORMS.");
        }

        if (Configuration.DiffIds.Count != Manifest.Layers.Count)
        {
            throw new BuildException(
                $"The base image {reference} is broken: its manifest has {Manifest.Layers.Count} layers, its configuration {Configuration.DiffIds.Count}.");
        }
    }
}
