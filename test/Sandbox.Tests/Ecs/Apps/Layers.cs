using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Ecr;

namespace Sandbox.Tests.Ecs.Apps;

/// <summary>Layers and images that a test writes by hand, in a folder that goes with it.</summary>
internal sealed class Layers : IDisposable
{
    private int _count;

    public string Folder { get; } = Directory.CreateTempSubdirectory("sandbox-test-").FullName;

    public static TarEntry File(string name, string text, UnixFileMode mode = UnixFileMode.UserRead) =>
        new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = mode, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };

    public static TarEntry Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) => new PaxTarEntry(type, name) { LinkName = target };

    public static TarEntry Folder_(string name) => new PaxTarEntry(TarEntryType.Directory, name);

    public LayerBlob Layer(params TarEntry[] entries) => Write(writer => Array.ForEach(entries, writer.WriteEntry));

    /// <summary>A layer with everything in a folder, at <paramref name="at"/>.</summary>
    public LayerBlob Layer(string folder, string at) => Write(writer =>
    {
        foreach (var path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            writer.WriteEntry(path, $"{at}/{Path.GetRelativePath(folder, path)}");
        }
    });

    public static PullResult.Pulled Image(string configuration, params LayerBlob[] layers) =>
        new(Bench.DigestOf('a'), Bench.DigestOf('a'), new JsonObject { ["config"] = JsonNode.Parse(configuration) }, layers);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private LayerBlob Write(Action<TarWriter> write)
    {
        var path = Path.Combine(Folder, $"{++_count}.tar.gz");
        using (var file = System.IO.File.Create(path))
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
        using (var writer = new TarWriter(gzip))
        {
            write(writer);
        }

        return new LayerBlob(Bench.DigestOf('b'), "application/vnd.oci.image.layer.v1.tar+gzip", path, new FileInfo(path).Length);
    }
}
