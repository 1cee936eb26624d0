using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using EcsDeploy.Docker;
using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace Pipe.Tests.Delivery;

/// <summary>Writes archives: right ones, and ones that a test bends.</summary>
internal sealed class ArchiveSeed
{
    /// <summary>By name, in order; a test may change or add any.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Symbolic links, by name.</summary>
    public Dictionary<string, string> Links { get; } = [];

    /// <summary>What the images say that they were built from; null when they say nothing.</summary>
    public string? Dockerfile { get; init; }

    public static byte[] Tar(string content) => new ArchiveSeed { Files = { ["app/file"] = Encoding.UTF8.GetBytes(content) } }.ToTar();

    /// <summary>What <c>docker save</c> writes: plain layers, each in a folder of its own.</summary>
    public static ArchiveSeed Docker(params IReadOnlyList<byte[]> layers)
    {
        var seed = new ArchiveSeed();
        var configuration = Configuration(layers);
        var names = layers.Select((_, index) => $"{index}/layer.tar").ToList();
        foreach (var (name, layer) in names.Zip(layers))
        {
            seed.Files[name] = layer;
        }

        seed.Files["config.json"] = configuration;
        seed.Files["manifest.json"] = Encoding.UTF8.GetBytes($$"""[{"Config":"config.json","RepoTags":["shop:1"],"Layers":["{{string.Join("\",\"", names)}}"]}]""");
        return seed;
    }

    /// <summary>An OCI layout of one image, its layers compressed.</summary>
    public static ArchiveSeed Layout(params IReadOnlyList<byte[]> layers) => Layout("amd64", layers);

    public static ArchiveSeed Layout(string architecture, params IReadOnlyList<byte[]> layers)
    {
        var seed = new ArchiveSeed();
        return seed.Naming(seed.AddImage(architecture, layers, [.. layers.Select(layer => seed.Add(MediaTypes.OciLayerGzip, Gzip(layer)))]));
    }

    public static byte[] Gzip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return zipped.ToArray();
    }

    public static byte[] Zstd(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zstd = new ZstdSharp.CompressionStream(packed, leaveOpen: true))
        {
            zstd.Write(content);
        }

        return packed.ToArray();
    }

    public Descriptor Add(string type, byte[] content)
    {
        var digest = Digest.Of(content);
        Files[$"blobs/sha256/{digest.Hex}"] = content;
        return new Descriptor { MediaType = type, Digest = digest, Size = content.Length };
    }

    /// <summary>An image of these layers, whose configuration says that they hold this.</summary>
    public Descriptor AddImage(string architecture, IReadOnlyList<byte[]> contents, params IReadOnlyList<Descriptor> layers)
    {
        var configuration = Add(MediaTypes.OciConfiguration, Configuration(contents, architecture, Dockerfile));
        return Add(MediaTypes.OciManifest, new ImageManifest { MediaType = MediaTypes.OciManifest, Configuration = configuration, Layers = layers }.ToBytes());
    }

    /// <summary>An index that says of each child which architecture it is for.</summary>
    public Descriptor AddIndex(params IReadOnlyList<(Descriptor Image, string Architecture)> children)
    {
        var entries = children.Select(child =>
            $$$"""{"mediaType":"{{{child.Image.MediaType}}}","digest":"{{{child.Image.Digest}}}","size":{{{child.Image.Size}}},"platform":{"architecture":"{{{child.Architecture}}}","os":"{{{SystemOf(child.Architecture)}}}"}}""");
        return Add(MediaTypes.OciIndex, Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{string.Join(',', entries)}}]}"""));
    }

    /// <summary>A layout whose one image this is.</summary>
    public ArchiveSeed Naming(Descriptor image)
    {
        Files["oci-layout"] = """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray();
        Files["index.json"] = ImageIndex.Of([image]).ToBytes();
        return this;
    }

    public byte[] ToTar()
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in Files)
            {
                using var data = new MemoryStream(content);
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data });
            }

            foreach (var (name, target) in Links)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target });
            }
        }

        return archive.ToArray();
    }

    public void WriteFolder(string folder)
    {
        foreach (var (name, content) in Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }
    }

    private static byte[] Configuration(IReadOnlyList<byte[]> layers, string architecture = "amd64", string? dockerfile = null)
    {
        var labels = dockerfile is null ? "" : $$""","Labels":{"{{DockerBuild.SourceLabel}}":"{{dockerfile}}"}""";
        var diffIds = string.Join(',', layers.Select(layer => $"\"{Digest.Of(layer)}\""));
        return Encoding.UTF8.GetBytes($$$"""{"architecture":"{{{architecture}}}","os":"{{{SystemOf(architecture)}}}","config":{"Entrypoint":["/app/file"]{{{labels}}}},"rootfs":{"type":"layers","diff_ids":[{{{diffIds}}}]}}""");
    }

    /// <summary>As buildx marks an attestation.</summary>
    private static string SystemOf(string architecture) => architecture == "unknown" ? "unknown" : "linux";
}
