using System.Formats.Tar;
using EcsDeploy.Images;
using EcsDeploy.Settings;

namespace EcsDeploy.Delivery;

/// <summary>The files of a tar archive where they lie in it; a compressed one is unpacked beside first.</summary>
internal sealed class TarFiles : IImageFiles
{
    private const int MostEntries = 100_000;

    private readonly string _path;
    private readonly bool _temporary;
    private readonly Dictionary<string, (long Offset, long Length)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    private TarFiles(string path, bool temporary) => (_path, _temporary) = (path, temporary);

    public static async Task<TarFiles> OpenAsync(string path, string workDirectory, CancellationToken token)
    {
        var packing = await PackingOfAsync(path, token);
        var files = new TarFiles(packing is null ? path : Path.Combine(workDirectory, Path.GetRandomFileName()), packing is not null);
        try
        {
            if (packing is not null)
            {
                await UnpackAsync(path, packing, files._path, token);
            }

            await files.ScanAsync(token);
            return files;
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException or OverflowException or NotSupportedException or ArgumentException)
        {
            files.Dispose();
            throw new BuildException($"IMAGE_ARCHIVE: {path} is no tar archive that can be read, plain or compressed with gzip or zstd: {broken.Message} Give what docker save wrote, or an OCI layout.", broken);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public long? LengthOf(string name) => Find(name)?.Length;

    public Stream Open(string name) => Find(name) is { } file
        ? new FileSection(_path, file.Offset, file.Length)
        : throw new BuildException($"IMAGE_ARCHIVE: '{name}' is missing in the archive.");

    public void Dispose()
    {
        if (_temporary)
        {
            File.Delete(_path);
        }
    }

    private static async Task<LayerCompression?> PackingOfAsync(string path, CancellationToken token)
    {
        await using var file = File.OpenRead(path);
        return await PackedLayer.PackingOfAsync(file, token);
    }

    private static async Task UnpackAsync(string path, LayerCompression? packing, string target, CancellationToken token)
    {
        await using var file = File.OpenRead(path);
        await using var content = PackedLayer.Unpack(file, packing);
        await using var unpacked = new UnpackedStream(content, path, file.Length);
        await using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
        await unpacked.CopyToAsync(output, token);
    }

    private async Task ScanAsync(CancellationToken token)
    {
        await using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using var tar = new TarReader(file);
        for (var entries = 0; await tar.GetNextEntryAsync(copyData: false, token) is { } entry; entries++)
        {
            if (entries == MostEntries)
            {
                throw new BuildException($"IMAGE_ARCHIVE: the archive has more than {MostEntries} entries, which no image has.");
            }

            var name = NameOf(entry.Name);
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                _files[name] = (entry.DataOffset, entry.Length);
            }
            else if (entry.EntryType == TarEntryType.SymbolicLink)
            {
                _links[name] = entry.LinkName;
            }
        }
    }

    private static string NameOf(string name)
    {
        var plain = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        return plain.StartsWith('/') || plain.Split('/').Contains("..")
            ? throw new BuildException($"IMAGE_ARCHIVE: the archive has an entry '{name}' that leads out of it.")
            : plain.TrimEnd('/');
    }

    /// <summary>Docker before 25 writes a layer that comes twice as a link to the first; a link is followed once, inside the archive.</summary>
    private (long Offset, long Length)? Find(string name)
    {
        var plain = NameOf(name);
        if (!_files.ContainsKey(plain) && _links.TryGetValue(plain, out var target))
        {
            var folder = plain.Contains('/', StringComparison.Ordinal) ? plain[..plain.LastIndexOf('/')] : "";
            plain = Path.GetFullPath(target, "/" + folder)[1..];
        }

        return _files.TryGetValue(plain, out var file) ? file : null;
    }
}
