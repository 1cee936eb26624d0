using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandbox.Tests.Judges;

/// <summary>Writes an image as an OCI layout folder: enough to be copied and built upon, never to be run.</summary>
internal sealed class ImageLayout(string folder)
{
    public string Folder { get; } = folder;

    /// <summary>One layer for each size in bytes, filled with what does not compress; answers the manifest's digest.</summary>
    public string Add(string tag, params IEnumerable<int> layerSizes)
    {
        var layers = layerSizes.Select((size, index) => Layer($"layer-{index}", size)).ToList();
        var configuration = new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Env"] = new JsonArray("PATH=/usr/bin:/bin", "APP_UID=1654", "ASPNETCORE_HTTP_PORTS=8080"), ["WorkingDir"] = "/" },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(layer => JsonValue.Create(layer.DiffId))]) },
            ["history"] = new JsonArray([.. layers.Select(_ => new JsonObject { ["created_by"] = "by hand" })]),
        };
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = Blob("application/vnd.oci.image.config.v1+json", Encoding.UTF8.GetBytes(configuration.ToJsonString())),
            ["layers"] = new JsonArray([.. layers.Select(layer => layer.Descriptor)]),
        };
        var descriptor = Blob("application/vnd.oci.image.manifest.v1+json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        var digest = (string)descriptor["digest"]!;
        descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = tag };
        File.WriteAllText(Path.Combine(Folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(Path.Combine(Folder, "index.json"), new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(descriptor) }.ToJsonString());
        return digest;
    }

    private (JsonObject Descriptor, string DiffId) Layer(string name, int size)
    {
        var content = new byte[size];
        new Random(name.GetHashCode(StringComparison.Ordinal)).NextBytes(content);
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"opt/{name}") { DataStream = new MemoryStream(content) });
        }

        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        return (Blob("application/vnd.oci.image.layer.v1.tar+gzip", zipped.ToArray()), Digest(tar.ToArray()));
    }

    private JsonObject Blob(string mediaType, byte[] content)
    {
        var digest = Digest(content);
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "blobs", "sha256"));
        File.WriteAllBytes(Path.Combine(folder.FullName, digest["sha256:".Length..]), content);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = content.Length };
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
