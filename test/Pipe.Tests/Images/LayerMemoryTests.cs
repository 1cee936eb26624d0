using EcsDeploy.Images;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>Memory while layers are made. The peak is the process's own, so nothing else may run meanwhile.</summary>
[CollectionDefinition("memory", DisableParallelization = true)]
[Collection("memory")]
public sealed class LayerMemoryTests : IDisposable
{
    // Budget of design §8 is 80 MB for the whole native process; this is what may come on top of a process that does nothing.
    private const long Bound = 60L * 1024 * 1024;
    private const int Megabytes = 384;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(nameof(LayerCompression.Gzip))]
    [InlineData(nameof(LayerCompression.Zstd))]
    public async Task A_large_static_folder_takes_no_more_memory_than_a_small_one(string compression)
    {
        var token = TestContext.Current.CancellationToken;
        await FillAsync("video.mp4", token);
        var layer = new AppLayer(LayerKind.Static, "/app/", FolderScan.Of(_temp.Folder("wwwroot")));
        GC.Collect();
        var before = Status("VmRSS");
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5", token);

        await using var spool = new Spool(_temp.Path);
        var made = await layer.CompressAsync(await layer.MeasureAsync(token), Enum.Parse<LayerCompression>(compression), spool, token);

        Assert.True(made.Descriptor.Size > Megabytes * 512 * 1024L);
        Assert.InRange(Status("VmHWM") - before, long.MinValue, Bound);
    }

    [Fact]
    public async Task A_long_list_of_static_files_takes_no_more_memory_than_a_short_one()
    {
        var token = TestContext.Current.CancellationToken;
        await File.WriteAllLinesAsync(Path.Combine(_temp.Folder("app"), "Web.staticwebassets.endpoints.json"), AssetListTests.ListOf(40_000), token);
        var layer = new AppLayer(LayerKind.App, "/app/", FolderScan.Of(_temp.Folder("app")));
        GC.Collect();
        var before = Status("VmRSS");
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5", token);

        await using var spool = new Spool(_temp.Path);
        var made = await layer.CompressAsync(await layer.MeasureAsync(token), LayerCompression.Gzip, spool, token);

        Assert.True(made.Descriptor.Size > 0);
        Assert.InRange(Status("VmHWM") - before, long.MinValue, Bound);
    }

    private async Task FillAsync(string name, CancellationToken token)
    {
        var megabyte = new byte[1024 * 1024];
        new Random(1).NextBytes(megabyte);
        await using var file = File.Create(Path.Combine(_temp.Folder("wwwroot"), name));
        for (var count = 0; count < Megabytes; count++)
        {
            // Another first byte each time would not do for zstd, whose window is larger than a megabyte.
            Random.Shared.NextBytes(megabyte.AsSpan(0, 700 * 1024));
            await file.WriteAsync(megabyte, token);
        }
    }

    private static long Status(string name) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        System.Globalization.CultureInfo.InvariantCulture);
}
