using System.Text;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using Pipe.Tests.Registry;

namespace Pipe.Tests.Delivery;

/// <summary>Puts base images into a scripted registry, as Microsoft's stands before us.</summary>
internal static class BaseSeed
{
    public const int Layers = 2;

    /// <summary>An image of two layers; another content is another digest.</summary>
    public static Descriptor PutImage(ScriptedRegistry registry, string tag, string content = "base", string architecture = "amd64", bool docker = false)
    {
        var type = docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest;
        var layers = Enumerable.Range(0, Layers).Select(index => Add(registry, docker ? MediaTypes.DockerLayerGzip : MediaTypes.OciLayerGzip, $"{content} {index}")).ToList();
        var diffIds = string.Join(',', layers.Select(layer => $"\"{Digest.Of(Encoding.UTF8.GetBytes(layer.Digest.Text))}\""));
        var configuration = Add(registry, docker ? MediaTypes.DockerConfiguration : MediaTypes.OciConfiguration,
            $$$"""{"architecture":"{{{architecture}}}","os":"linux","config":{"Env":["ASPNETCORE_HTTP_PORTS=8080","APP_UID=1654"]},"rootfs":{"type":"layers","diff_ids":[{{{diffIds}}}]}}""");
        var manifest = new ImageManifest { MediaType = type, Configuration = configuration, Layers = layers }.ToBytes();
        registry.Manifests[tag] = registry.Manifests[Digest.Of(manifest).Text] = (type, manifest);
        return new Descriptor
        {
            MediaType = type,
            Digest = Digest.Of(manifest),
            Size = manifest.Length,
            Platform = Platform.TryParse($"linux/{architecture}", out var platform) ? platform : null,
        };
    }

    public static void PutIndex(ScriptedRegistry registry, string tag, params IReadOnlyList<Descriptor> children)
    {
        var index = ImageIndex.Of(children);
        registry.Manifests[tag] = (index.MediaType, index.ToBytes());
    }

    private static Descriptor Add(ScriptedRegistry registry, string type, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        registry.Blobs[Digest.Of(bytes).Text] = bytes;
        return new Descriptor { MediaType = type, Digest = Digest.Of(bytes), Size = bytes.Length };
    }
}
