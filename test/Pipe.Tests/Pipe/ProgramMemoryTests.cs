using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>The native program's memory does not grow with what it sends (design §8; test/bench/image.sh measures a folder of 2 GB).</summary>
public sealed class ProgramMemoryTests
{
    private const long Budget = 80_000_000;
    private const int Megabytes = 512;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task A_large_static_folder_is_pushed_within_the_memory_of_a_small_one(string compression)
    {
        await using var run = await ProgramRun.StartAsync();
        await FillAsync(Path.Combine(run.Published, "wwwroot", "video.mp4"));
        run.Variables["LAYER_COMPRESSION"] = compression;
        using var process = new HeldProcess();
        var peak = 0L;

        // By then every layer is compressed and sent.
        run.Faults.Add(new FaultRule { On = "ecr:PutImage", Kind = FaultKind.Slow, Duration = TimeSpan.Zero, Meanwhile = () => peak = process.PeakMemory() });
        process.Hold(() => run.Launch(PipeProgram.OfKind(native: true)));

        var end = await PipeProgram.EndAsync(process.Process, Token);

        Assert.Equal((0, ""), (end.Code, end.Errors));
        Assert.InRange(peak, 1, Budget);
        Assert.Contains(run.Repository.Find(run.Variables["BITBUCKET_COMMIT"])!.Document.Layers, layer => layer.Size > Megabytes * 600_000L);
    }

    /// <summary>Noise for the most part, so that it stays large.</summary>
    private static async Task FillAsync(string path)
    {
        var megabyte = new byte[1024 * 1024];
        await using var file = File.Create(path);
        for (var count = 0; count < Megabytes; count++)
        {
            Random.Shared.NextBytes(megabyte.AsSpan(0, 700 * 1024));
            await file.WriteAsync(megabyte, Token);
        }
    }
}
