using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EcsDeploy.Images;

/// <summary>A published file while it is read into a layer: its bytes, its mode by what it is, and a time that only its contents decide.</summary>
internal sealed class FileContent : IAsyncDisposable
{
    public const int LinkMode = 0b111_111_111;

    /// <summary>1980-01-01, the first time that zip and every other format can say.</summary>
    public const long FixedTime = 315_532_800;

    private const int PlainMode = 0b110_100_100;
    private const int ProgramMode = 0b111_101_101;
    private const string StaticFiles = "wwwroot/";

    private readonly PublishedFile _file;
    private readonly Stream _stream;
    private readonly Dictionary<string, long> _times;

    private FileContent(PublishedFile file, Stream stream, Dictionary<string, long> times) =>
        (_file, _stream, _times, Length) = (file, stream, times, stream.Length);

    public long Length { get; }

    public int Mode { get; private set; } = PlainMode;

    /// <summary>Seconds since 1970.</summary>
    public long Modified { get; private set; } = FixedTime;

    /// <param name="file">What is read.</param>
    /// <param name="times">Times by path that contents have decided already; what is decided now is added.</param>
    /// <param name="token">Ends it.</param>
    public static async Task<FileContent> OpenAsync(PublishedFile file, Dictionary<string, long> times, CancellationToken token)
    {
        var content = new FileContent(file, await OpenStreamAsync(file, token), times);
        try
        {
            await content.InspectAsync(token);
            return content;
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    /// <summary>At least one byte: a file that ends early has changed.</summary>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken token)
    {
        var count = await _stream.ReadAsync(buffer, token);
        return count > 0 ? count : throw Changed(_file);
    }

    public async Task CheckEndAsync(CancellationToken token)
    {
        if (await _stream.ReadAsync(new byte[1], token) > 0)
        {
            throw Changed(_file);
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    public static BuildException Changed(PublishedFile file) =>
        new($"The published file {file.Path} changed while it was read into the image. Something else writes to {file.Source}: let it end before this step publishes.");

    private static async Task<Stream> OpenStreamAsync(PublishedFile file, CancellationToken token)
    {
        try
        {
            if (AssetList.IsList(file.Path))
            {
                return await AssetList.OpenAsync(Open(file), token);
            }

            return Open(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BuildException($"The published file {file.Path} cannot be read any more: {error.Message}", error);
        }
    }

    private static FileStream Open(PublishedFile file) =>
        new(file.Source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    private async Task InspectAsync(CancellationToken token)
    {
        var start = new byte[4];
        var count = await _stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, token);
        _stream.Position = 0;
        if (IsProgram(start.AsSpan(0, count)))
        {
            Mode = ProgramMode;
        }

        if (!_file.Path.StartsWith(StaticFiles, StringComparison.Ordinal))
        {
            return;
        }

        if (!_times.TryGetValue(_file.Path, out var time))
        {
            time = _times[_file.Path] = TimeOf(await SHA256.HashDataAsync(_stream, token));
            _stream.Position = 0;
        }

        Modified = time;
    }

    // By what is in the file, never by its mode here: packages bring modes along, and a umask changes them.
    private bool IsProgram(ReadOnlySpan<byte> start) =>
        start.StartsWith("#!"u8) || (start.SequenceEqual("\u007fELF"u8) && !ElfFile.IsLibrary(Path.GetFileName(_file.Path)));

    // ASP.NET makes the ETag of a static file from its time and length: with one time for all, a changed file of the same length
    // would be answered "not modified". So the contents decide the time: within 34 years from 1980, the same for the same bytes.
    private static long TimeOf(ReadOnlySpan<byte> hash) => FixedTime + (BinaryPrimitives.ReadUInt32BigEndian(hash) >> 2);
}
