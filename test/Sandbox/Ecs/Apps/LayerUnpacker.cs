using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using Sandbox.Ecr;

namespace Sandbox.Ecs.Apps;

/// <summary>Unpacks layers over one another, as the OCI image spec's layer page says: whiteouts, opaque folders, links.</summary>
public sealed class LayerUnpacker(RootFolder root)
{
    private const string Whiteout = ".wh.";
    private const string Opaque = ".wh..wh..opq";
    private const UnixFileMode Ours = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>More than this is no app but an accident.</summary>
    private const long MostBytes = 4L << 30;

    private long _bytes;

    public async Task UnpackAsync(LayerBlob layer, CancellationToken token)
    {
        await using var file = File.OpenRead(layer.Path);
        await using var content = await DecompressAsync(file, token);
        await using var reader = new TarReader(content);
        var written = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.GetNextEntryAsync(copyData: false, token) is { } entry)
        {
            await TakeAsync(entry, written, token);
        }
    }

    private async Task TakeAsync(TarEntry entry, HashSet<string> written, CancellationToken token)
    {
        var place = root.Place(entry.Name);
        var name = Path.GetFileName(place);
        if (name == Opaque)
        {
            Empty(Path.GetDirectoryName(place)!, written);
        }
        else if (name.StartsWith(Whiteout, StringComparison.Ordinal))
        {
            Remove(Path.Combine(Path.GetDirectoryName(place)!, name[Whiteout.Length..]));
        }
        else if (place != root.Path)
        {
            written.Add(place);
            await WriteAsync(entry, place, token);
        }
    }

    private async Task WriteAsync(TarEntry entry, string place, CancellationToken token)
    {
        if (entry.EntryType == TarEntryType.Directory)
        {
            if (!Directory.Exists(place) || new FileInfo(place).LinkTarget is not null)
            {
                Remove(place);
                Directory.CreateDirectory(place);
            }

            return;
        }

        Remove(place);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                await WriteFileAsync(entry, place, token);
                break;
            case TarEntryType.SymbolicLink:
                File.CreateSymbolicLink(place, root.LinkTarget(entry.Name, entry.LinkName));
                break;
            case TarEntryType.HardLink:
                File.Copy(root.Resolve(entry.LinkName), place);
                break;
            default:
                // Devices and pipes are not for apps.
                break;
        }
    }

    private async Task WriteFileAsync(TarEntry entry, string place, CancellationToken token)
    {
        _bytes += entry.Length;
        if (_bytes > MostBytes)
        {
            throw new IOException("The image is larger than the sandbox unpacks.");
        }

        await using var file = new FileStream(place, FileMode.CreateNew, FileAccess.Write);
        if (entry.DataStream is { } data)
        {
            await data.CopyToAsync(file, token);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file.SafeFileHandle, (entry.Mode & (UnixFileMode)0x1ff) | Ours);
        }
    }

    /// <summary>An opaque folder hides what lower layers had in it, not what its own layer brings.</summary>
    private static void Empty(string folder, HashSet<string> written)
    {
        foreach (var child in Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : [])
        {
            if (!written.Contains(child))
            {
                Remove(child);
            }
        }
    }

    private static void Remove(string place)
    {
        if (new FileInfo(place).LinkTarget is null && Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }
        else if (Path.Exists(place) || new FileInfo(place).LinkTarget is not null)
        {
            File.Delete(place);
        }
    }

    private static async Task<Stream> DecompressAsync(FileStream file, CancellationToken token)
    {
        var magic = new byte[4];
        await file.ReadAtLeastAsync(magic, 4, throwOnEndOfStream: false, token);
        file.Position = 0;
        return magic switch
        {
            [0x1f, 0x8b, ..] => new GZipStream(file, CompressionMode.Decompress),
            [0x28, 0xb5, 0x2f, 0xfd] => Zstd(file.Name),
            _ => file,
        };
    }

    /// <summary>.NET 10 has no zstd; the command line tool has.</summary>
    private static Stream Zstd(string path)
    {
        var start = new ProcessStartInfo("zstd") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "-dc", path })
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!.StandardOutput.BaseStream;
    }
}
