using System.Formats.Tar;
using System.IO.Compression;
using EcsDeploy.Images;

namespace EcsDeploy.Delivery;

/// <summary>The files of a tar archive where they lie in it; a gzipped one is unzipped beside first.</summary>
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
        var zipped = await IsGzipAsync(path, token);
        var files = new TarFiles(zipped ? Path.Combine(workDirectory, Path.GetRandomFileName()) : path, zipped);
        try
        {
            if (zipped)
            {
                await UnzipAsync(path, files._path, token);
            }

            await files.ScanAsync(token);
            return files;
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException or OverflowException or NotSupportedException or ArgumentException)
        {
            files.Dispose();
            throw new BuildException($"IMAGE_ARCHIVE: {path} is no tar archive that can be read: {broken.Message}", broken);
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

    private static async Task<bool> IsGzipAsync(string path, CancellationToken token)
    {
        await using var file = File.OpenRead(path);
        var start = new byte[2];
        return await file.ReadAtLeastAsync(start, 2, throwOnEndOfStream: false, token) == 2 && start is [0x1f, 0x8b];
    }

    private static async Task UnzipAsync(string path, string target, CancellationToken token)
    {
        await using var file = File.OpenRead(path);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        await using var unzipped = new UnpackedStream(gzip, path, file.Length);
        await using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
        await unzipped.CopyToAsync(output, token);
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
