using EcsDeploy.Ecr;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;

namespace EcsDeploy.Delivery;

/// <summary>Finds an image that is in the repository already, by tag or digest: what a promotion rolls.</summary>
internal sealed class ExistingImage(EcrClient ecr)
{
    public async Task<PushedImage> FindAsync(string reference, CancellationToken token)
    {
        if (!Digest.TryParse(reference, out _) && !ImageTag.TryParse(reference, out _))
        {
            throw new ImageNotFoundException($"'{reference}' names no image: it must be a tag ({ImageTag.Rule}) or a digest ({Digest.Rule}).");
        }

        var image = await ecr.FindImageAsync(reference, token)
            ?? throw new ImageNotFoundException(
                $"There is no image '{reference}' in {ecr.Repository.Address}. Has the build of this commit pushed it? Set IMAGE to a tag or digest that is there.");
        return new PushedImage
        {
            Repository = ecr.Repository,
            Digest = image.Digest,
            IsFound = true,
            Children = ImageIndex.Is(image.MediaType) ? ImageIndex.Parse(image.Manifest, image.MediaType).Images : [],
        };
    }
}
