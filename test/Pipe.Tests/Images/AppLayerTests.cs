using System.IO.Compression;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>Layers as streams: digests, compression, and files that do not hold still.</summary>
public sealed class AppLayerTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task The_same_files_give_the_same_digest_wherever_and_whenever_they_lie()
    {
        var one = await Layer(_temp.Write("one/a.dll", "same")).MeasureAsync(Token);
        var path = _temp.Write("elsewhere/a.dll", "same");
        File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        TempFolder.SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var other = await Layer(path).MeasureAsync(Token);

        Assert.Equal(one, other);
    }

    [Fact]
    public async Task A_changed_byte_or_name_is_another_digest()
    {
        var digests = new[]
        {
            await Layer(_temp.Write("one/a.dll", "same")).MeasureAsync(Token),
            await Layer(_temp.Write("two/a.dll", "Same")).MeasureAsync(Token),
            await Layer(_temp.Write("one/b.dll", "same")).MeasureAsync(Token),
        };

        Assert.Equal(3, digests.Distinct().Count());
    }

    [Theory]
    [InlineData(nameof(LayerCompression.Gzip), MediaTypes.OciLayerGzip)]
    [InlineData(nameof(LayerCompression.Zstd), MediaTypes.OciLayerZstd)]
    public async Task The_compressed_layer_unpacks_to_what_was_measured(string name, string mediaType)
    {
        var compression = Enum.Parse<LayerCompression>(name);
        var layer = Layer(_temp.Write("big.dll", Content(5_000_000)));
        var measured = await layer.MeasureAsync(Token);
        await using var spool = new Spool(_temp.Path);

        var made = await layer.CompressAsync(measured, compression, spool, Token);

        var blob = await ReadAsync(spool);
        Assert.Equal((mediaType, Digest.Of(blob), blob.Length), (made.Descriptor.MediaType, made.Descriptor.Digest, made.Descriptor.Size));
        Assert.Equal(measured.DiffId.Text, made.Descriptor.Annotations[Descriptor.UncompressedAnnotation]);
        Assert.Equal(measured.DiffId, Digest.Of(await UnpackAsync(blob, compression)));
    }

    [Theory]
    [InlineData(nameof(LayerCompression.Gzip))]
    [InlineData(nameof(LayerCompression.Zstd))]
    public async Task Compressing_again_gives_the_same_bytes(string name)
    {
        var compression = Enum.Parse<LayerCompression>(name);
        var layer = Layer(_temp.Write("big.dll", Content(3_000_000)));
        var measured = await layer.MeasureAsync(Token);
        await using var first = new Spool(_temp.Path);
        await using var second = new Spool(_temp.Path);

        await layer.CompressAsync(measured, compression, first, Token);
        await layer.CompressAsync(measured, compression, second, Token);

        Assert.Equal(await ReadAsync(first), await ReadAsync(second));
    }

    [Fact]
    public async Task Gzip_on_several_cores_is_within_a_hundredth_of_the_SDKs_size()
    {
        var layer = Layer([.. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Order(StringComparer.Ordinal)]);
        var measured = await layer.MeasureAsync(Token);
        await using var spool = new Spool(_temp.Path);

        var made = await layer.CompressAsync(measured, LayerCompression.Gzip, spool, Token);

        var whole = Gzip(await UnpackAsync(await ReadAsync(spool), LayerCompression.Gzip));
        Assert.True(measured.Size > 4_000_000, "The sample is too small to say anything.");
        Assert.InRange(made.Descriptor.Size, whole.Length * 0.95, whole.Length * 1.01);
    }

    [Fact]
    public async Task A_large_blob_lies_in_a_file_that_is_gone_after_use()
    {
        var folder = _temp.Folder("spool");
        await using (var spool = new Spool(folder))
        {
            await spool.WriteAsync(Content(3_000_000), Token);
            Assert.Empty(Directory.EnumerateFiles(folder));
            await spool.WriteAsync(Content(3_000_000), Token);
            Assert.Single(Directory.EnumerateFiles(folder));

            Assert.Equal(6_000_000, (await ReadAsync(spool)).Length);
            Assert.Equal(await ReadAsync(spool), await ReadAsync(spool));
        }

        Assert.Empty(Directory.EnumerateFiles(folder));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disk_that_is_full_is_told_with_the_folder_and_what_to_do(bool compressor)
    {
        var content = Content(6_000_000);
        var spool = new Spool(_temp.Path, _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));

        var error = await Assert.ThrowsAsync<BuildException>(async () =>
        {
            await using (spool)
            {
                await (compressor ? Task.Run(() => spool.Write(content, 0, content.Length), Token) : spool.WriteAsync(content, Token).AsTask());
            }
        });

        Assert.StartsWith($"A layer is too large to be kept in memory, and the disk of the folder for temporary files, {_temp.Path}, is full: No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Contains("fewer or smaller files", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_changed_since_it_was_measured_is_told()
    {
        var path = _temp.Write("a.dll", "before");
        var layer = Layer(path);
        var measured = await layer.MeasureAsync(Token);
        _temp.Write("a.dll", "after!");
        await using var spool = new Spool(_temp.Path);

        var error = await Assert.ThrowsAsync<BuildException>(() => layer.CompressAsync(measured, LayerCompression.Gzip, spool, Token));

        Assert.Contains("changed while", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_disappeared_is_named()
    {
        var layer = Layer(_temp.Write("a.dll", "here"));
        File.Delete(Path.Combine(_temp.Path, "a.dll"));

        var error = await Assert.ThrowsAsync<BuildException>(() => layer.MeasureAsync(Token));

        Assert.Contains("a.dll", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_file_that_grows_or_shrinks_while_it_is_read_is_named(int by)
    {
        var path = _temp.Write("log.txt", Content(1000));
        await using var content = await FileContent.OpenAsync(new PublishedFile("log.txt", path), [], Token);
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(1000 + by);
        }

        var error = await Assert.ThrowsAsync<BuildException>(async () =>
        {
            for (var left = content.Length; left > 0;)
            {
                left -= await content.ReadAsync(new byte[left], Token);
            }

            await content.CheckEndAsync(Token);
        });

        Assert.Contains("log.txt", error.Message, StringComparison.Ordinal);
    }

    private static AppLayer Layer(params string[] paths) =>
        new(LayerKind.App, "/app/", [.. paths.Select(path => new PublishedFile(Path.GetFileName(path), path))]);

    // Half noise, half not, so that neither compressor may copy it nor crush it.
    private static byte[] Content(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes.AsSpan(0, size / 2));
        return bytes;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static async Task<byte[]> UnpackAsync(byte[] blob, LayerCompression compression)
    {
        using var packed = new MemoryStream(blob);
        await using Stream stream = compression == LayerCompression.Zstd
            ? new ZstdSharp.DecompressionStream(packed)
            : new GZipStream(packed, CompressionMode.Decompress);
        return await ReadAsync(stream);
    }

    private static async Task<byte[]> ReadAsync(Spool spool)
    {
        await using var stream = spool.OpenRead();
        return await ReadAsync(stream);
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Token);
        return copy.ToArray();
    }
}
