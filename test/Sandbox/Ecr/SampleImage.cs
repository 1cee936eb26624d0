using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandbox.Ecr;

/// <summary>A tiny image of one layer, put straight into a repository without a push: for worlds, and for tests that are about something else.</summary>
public sealed record SampleImage
{
    /// <summary>What stands in its only file; another text is another digest.</summary>
    public string Content { get; init; } = "sample";

    public string Architecture { get; init; } = "amd64";

    /// <summary>In Docker's format of before OCI: image manifest v2, schema 2.</summary>
    public bool IsDocker { get; init; }

    public IReadOnlyList<string> EntryPoint { get; init; } = ["/app/sample"];

    /// <summary>Stores the image and gives its digest; the tag is optional.</summary>
    public string PutInto(Repository repository, string? tag = null)
    {
        var (layer, diffId) = Layer();
        var configuration = new JsonObject
        {
            ["architecture"] = Architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Entrypoint"] = EcrJson.Array(EntryPoint.Select(part => (JsonNode)part)) },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(diffId) },
        };
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = IsDocker ? ManifestDocument.DockerManifest : ManifestDocument.OciManifest,
            ["config"] = Add(repository, IsDocker ? "application/vnd.docker.container.image.v1+json" : "application/vnd.oci.image.config.v1+json", Bytes(configuration)),
            ["layers"] = new JsonArray(Add(repository, IsDocker ? "application/vnd.docker.image.rootfs.diff.tar.gzip" : "application/vnd.oci.image.layer.v1.tar+gzip", layer)),
        };
        return Put(repository, manifest, tag);
    }

    /// <summary>Stores an index over images that are in the repository, each given as platform (<c>linux/arm64</c>) and digest.</summary>
    public static string PutIndexInto(Repository repository, IReadOnlyDictionary<string, string> children, string? tag = null)
    {
        var manifests = children.Select(child =>
        {
            var image = repository.Find(child.Value) ?? throw new ArgumentException($"There is no {child.Value} in {repository.Name}.", nameof(children));
            var platform = child.Key.Split('/');
            return new JsonObject
            {
                ["mediaType"] = image.Document.MediaType,
                ["digest"] = image.Digest,
                ["size"] = image.Document.Content.Length,
                ["platform"] = new JsonObject { ["os"] = platform[0], ["architecture"] = platform[1] },
            };
        });
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = ManifestDocument.OciIndex, ["manifests"] = EcrJson.Array(manifests) };
        return Put(repository, index, tag);
    }

    private static string Put(Repository repository, JsonObject manifest, string? tag)
    {
        var document = ManifestDocument.Parse(Bytes(manifest), null);
        repository.Put(document, tag);
        return document.Digest;
    }

    private static JsonObject Add(Repository repository, string mediaType, byte[] content)
    {
        var digest = repository.Registry.Owner.Blobs.Add(content);
        repository.AddLayer(digest, content.Length);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = content.Length };
    }

    private (byte[] Compressed, string DiffId) Layer()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            using var data = new MemoryStream(Encoding.UTF8.GetBytes(Content));
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "app/sample") { DataStream = data, ModificationTime = DateTimeOffset.UnixEpoch });
        }

        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        return (compressed.ToArray(), Digests.Of(tar.ToArray()));
    }

    private static byte[] Bytes(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString());
}
