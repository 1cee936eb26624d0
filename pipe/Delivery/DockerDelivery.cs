using EcsDeploy.Docker;
using EcsDeploy.Ecr;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Registry;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>
/// From a Dockerfile, or an image in the step's Docker, to an image in the repository. Docker pushes it: its engine alone knows the compressed layers
/// that it pulled.
/// </summary>
internal sealed class DockerDelivery(Registries registries, DockerCommandLine docker, TimeProvider time, ILogger log)
{
    /// <summary>No two builds are bit for bit the same, so an image that has this commit's tag is used again, not built again.</summary>
    public async Task<PushedImage> RunAsync(ImageSource.Dockerfile source, DeliveryRequest request, CancellationToken token)
    {
        docker.Check(source);
        var target = Target(request);
        var earlier = await target.LookAsync(request, token);
        if (await FindBuiltAsync(source, earlier, target, request, token) is { } there)
        {
            log.Information("The tag {Tag} is there already: its image is used, nothing is built.", there.Tag);
            return await TagAsync(there, new DockerLayers(null, [], earlier), (target, earlier, request), token);
        }

        var (engine, host) = await BeginAsync(target, request, token);
        await LogInToBaseAsync(engine, source, token);
        var name = NameOf(host, request);
        await BuildAsync(engine, source, name, request.Platforms[0], token);
        return await PushAsync(engine, name, name, (target, earlier, request), token);
    }

    public async Task<PushedImage> RunAsync(ImageSource.DockerImage source, DeliveryRequest request, CancellationToken token)
    {
        var target = Target(request);
        var earlier = await target.LookAsync(request, token);
        var (engine, host) = await BeginAsync(target, request, token);
        var platform = await docker.FindImageAsync(engine, source.Name, token)
            ?? throw DockerException.OfSettings($"IMAGE_NAME is '{source.Name}': the step's Docker has no image of that name. Build it in an earlier command of the same step.");
        Check($"The image {source.Name}", platform, request.Platforms[0], ".");
        if (await TaggedAsync(earlier, target, request, token) is { } tagged)
        {
            tagged.Check(await docker.EntryPointOfAsync(engine, source.Name, token));
        }

        return await PushAsync(engine, source.Name, NameOf(host, request), (target, earlier, request), token);
    }

    /// <summary>The classic builder's cache knows no platform: it gives what it built for another one, so that is built once more without it.</summary>
    private async Task BuildAsync(DockerEngine engine, ImageSource.Dockerfile source, string name, Platform wanted, CancellationToken token)
    {
        await docker.BuildAsync(engine, source, name, wanted, useCache: true, token);
        var built = await docker.FindImageAsync(engine, name, token);
        if (built is not null && built != wanted.ToString() && !engine.HasBuildKit)
        {
            log.Information("What Docker built is for {Built}, and {Wanted} is wanted: building once more without the cache.", built, wanted);
            await docker.BuildAsync(engine, source, name, wanted, useCache: false, token);
            built = await docker.FindImageAsync(engine, name, token);
        }

        if (built is not null)
        {
            Check(
                $"The image that Docker built from {source.Path}",
                built,
                wanted,
                "; else look at the Dockerfile's FROM: Docker builds upon the image of that name that it has already, also when that is for another platform (docker image rm takes it away), and a --platform there goes before PLATFORMS. Nothing was pushed.");
        }
    }

    private static void Check(string image, string platform, Platform wanted, string otherwise)
    {
        if (!Platform.TryParse(platform, out var parsed))
        {
            throw new DockerException($"{image} is for {platform}; it must be for {Platform.Rule}{otherwise}");
        }

        if (parsed != wanted)
        {
            throw new DockerException($"{image} is for {parsed}, and {wanted} is wanted. Set PLATFORMS to {parsed} if that is what the tasks run on{otherwise}");
        }
    }

    /// <summary>What an earlier run built from this Dockerfile for this platform; null when nothing has this commit's tag, or that cannot be read or is for another platform.</summary>
    private async Task<EcrImage?> FindBuiltAsync(ImageSource.Dockerfile source, EarlierImages earlier, TargetRepository target, DeliveryRequest request, CancellationToken token)
    {
        if (await TaggedAsync(earlier, target, request, token) is not { } tagged)
        {
            return null;
        }

        var from = tagged.Configuration.Labels.GetValueOrDefault(DockerBuild.SourceLabel);
        return from == DockerBuild.SourceOf(source)
            ? tagged.IsFor(request.Platforms[0]) ? earlier.Find(tagged.Tag) : null
            : throw new PushException(
                $"The tag '{tagged.Tag}' stands on an image that was not built from '{DockerBuild.SourceOf(source)}' (Dockerfile, context, stage) but {(from is null ? "otherwise" : $"from '{from}'")}. "
                + "Give each app a repository or TAGS of its own. Nothing was built.");
    }

    private Task<TaggedImage?> TaggedAsync(EarlierImages earlier, TargetRepository target, DeliveryRequest request, CancellationToken token) =>
        TaggedImage.FindAsync(earlier, request.CommitTags, (request.Platforms[0], target.Registry, log), token);

    private TargetRepository Target(DeliveryRequest request) =>
        new(registries.Ecr(request.Registry.Repository), registries.Client(request.Registry.Repository), time, log);

    private async Task<(DockerEngine Engine, string Host)> BeginAsync(TargetRepository target, DeliveryRequest request, CancellationToken token)
    {
        var engine = await docker.FindAsync(token);
        var host = registries.HostForDocker(request.Registry.Repository);
        await docker.LoginAsync(engine, host, await target.Ecr.LoginAsync(token), token);
        return (engine, host);
    }

    /// <summary>What FROM names may be private, elsewhere; another ECR opens to the same identity's token.</summary>
    private async Task LogInToBaseAsync(DockerEngine engine, ImageSource.Dockerfile source, CancellationToken token)
    {
        if (source.BaseImage is not { } text)
        {
            return;
        }

        if (!ImageReference.TryParse(text, out var image))
        {
            throw BuildException.OfSettings($"BASE_IMAGE is '{text}'. It must be {ImageReference.Rule}.");
        }

        var isEcr = EcrRepository.TryParse($"{image.Host}/{image.Name}", out var repository);
        var login = source.BaseLogin ?? (isEcr ? await registries.Ecr(repository!).LoginAsync(token) : null);
        if (login is not null)
        {
            await docker.LoginAsync(engine, isEcr ? registries.HostForDocker(repository!) : image.HostForDocker, login, token);
        }
    }

    /// <summary>Docker can push to a tag only; without one of ours it gets one that says what it is.</summary>
    private static string NameOf(string host, DeliveryRequest request)
    {
        var tag = request.Registry.Tags is [var first, ..] ? first.Text : $"docker-build-{Guid.NewGuid().ToString("N")[..12]}";
        return $"{host}/{request.Registry.Repository.Name}:{tag}";
    }

    private async Task<PushedImage> PushAsync(
        DockerEngine engine, string name, string target, (TargetRepository Repository, EarlierImages Earlier, DeliveryRequest Request) to, CancellationToken token)
    {
        var tag = target[(target.LastIndexOf(':') + 1)..];
        DockerPush push;
        try
        {
            push = await docker.PushAsync(engine, name, target, token);
        }
        catch (DockerException failure)
        {
            var there = await FindSameAsync(engine, name, tag, to, failure, token);
            log.Information("The tag {Tag} is there already and stands on this image, so that it could not be pushed is fine.", tag);
            return await TagAsync(there, new DockerLayers(null, [], to.Earlier), to, token);
        }

        // By what was pushed: a tag may have been moved by somebody else since.
        var image = await to.Repository.Ecr.FindImageAsync(push.Digest?.Text ?? tag, token)
            ?? throw new PushException($"Docker pushed {target}, but {to.Repository.Ecr.Repository.Address} has no image '{push.Digest?.Text ?? tag}'.");
        var layers = new DockerLayers(push, await docker.LayersOfAsync(engine, name, token), to.Earlier);
        return await TagAsync(image with { Tag = ImageTag.Parse(tag) }, layers, to, token);
    }

    /// <summary>An immutable repository refuses the image that it has as it refuses another; throws unless it is this one.</summary>
    private async Task<EcrImage> FindSameAsync(
        DockerEngine engine, string name, string tag, (TargetRepository Repository, EarlierImages Earlier, DeliveryRequest Request) to, DockerException failure, CancellationToken token)
    {
        if (await to.Repository.Ecr.Repositories.ExistsAsync(token) is false)
        {
            throw EcrException.Missing(to.Repository.Ecr.Repository, failure);
        }

        var there = await FindIfAllowedAsync(to.Repository.Ecr, tag, token) ?? throw new PushException(failure.Message, failure);
        var id = await docker.FindIdAsync(engine, name, token);
        return id is not null && (id == there.Digest.Text || (ImageManifest.Is(there.MediaType) && id == ImageManifest.Parse(there.Manifest, there.MediaType).Configuration.Digest.Text))
            ? there
            : throw new PushException($"{failure.Message}\nThe tag '{tag}' stands on another image, {there.Digest}. If the repository is immutable, give this build TAGS of its own.", failure);
    }

    private static async Task<EcrImage?> FindIfAllowedAsync(EcrClient ecr, string tag, CancellationToken token)
    {
        try
        {
            return await ecr.FindImageAsync(tag, token);
        }
        catch (EcrException blind) when (blind.IsDenied)
        {
            return null;
        }
    }

    private async Task<PushedImage> TagAsync(
        EcrImage image, DockerLayers layers, (TargetRepository Repository, EarlierImages Earlier, DeliveryRequest Request) to, CancellationToken token)
    {
        var tags = to.Request.Registry.Tags;
        await new Tagging(to.Repository, log).PutAsync(image, tags.Where(tag => tag != image.Tag), to.Earlier, token);
        var found = await new ExistingImage(to.Repository.Ecr).FindAsync(image.Digest.Text, token);
        var pushed = await ManifestOfAsync(image, to.Repository.Ecr, to.Request.Platforms[0], token) is { } manifest ? layers.Of(manifest, to.Request.Platforms[0]) : [];
        log.Information("{Image} is in the repository.", found.Reference);
        return found with
        {
            IsFound = false,
            Tags = tags,
            SentBytes = pushed.Where(layer => layer.Origin == LayerOrigin.Sent).Sum(layer => layer.Size),
            Layers = pushed,
        };
    }

    /// <summary>An engine with containerd's store may push an index; null when that has no child for the platform.</summary>
    private static async Task<ImageManifest?> ManifestOfAsync(EcrImage image, EcrClient ecr, Platform platform, CancellationToken token)
    {
        var child = ImageIndex.Is(image.MediaType) ? ImageIndex.Parse(image.Manifest, image.MediaType).Find(platform) : null;
        var one = child is null ? image : await ecr.FindImageAsync(child.Digest.Text, token);
        return one is not null && ImageManifest.Is(one.MediaType) ? ImageManifest.Parse(one.Manifest, one.MediaType) : null;
    }
}
