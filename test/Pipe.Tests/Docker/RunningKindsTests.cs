using System.Runtime.InteropServices;
using EcsDeploy.Images;
using EcsDeploy.Oci;
using EcsDeploy.Settings;
using Pipe.Tests.Delivery;
using Pipe.Tests.Images;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>Kinds of apps published by the SDK, pushed by us, and started by a real engine on a base that has this machine's .NET and the libraries that it needs.</summary>
public sealed class RunningKindsTests(RealEngine engine) : IClassFixture<RealEngine>, IDisposable
{
    private const string Root = "/usr/share/dotnet";

    private static readonly string[] Libraries =
    [
        "lib64/ld-linux-x86-64.so.2",
        .. ((string[])["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1"]).Select(name => "lib/x86_64-linux-gnu/" + name),
        "usr/lib/x86_64-linux-gnu/libstdc++.so.6",
    ];

    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("", "dotnet /app/worker.dll")]
    [InlineData("<SelfContained>true</SelfContained><PublishTrimmed>true</PublishTrimmed>", "/app/worker")]
    [InlineData("<RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>false</SelfContained><PublishReadyToRun>true</PublishReadyToRun>", "dotnet /app/worker.dll")]
    [InlineData("<SelfContained>true</SelfContained><PublishSingleFile>true</PublishSingleFile>", "/app/worker")]
    public async Task It_starts(string properties, string start)
    {
        Assert.SkipWhen(engine.Host is null || !Directory.Exists(Root) || RuntimeInformation.OSArchitecture != Architecture.X64, "It needs root, Debian's docker.io, and .NET for x64 in its usual place.");
        await using var bench = await DeliveryBench.StartAsync();
        await PutBaseAsync(bench);
        var project = SampleApps.Console(_temp, "worker", $"<PropertyGroup><InvariantGlobalization>true</InvariantGlobalization>{properties}</PropertyGroup>");
        _temp.Write("worker/Program.cs", "System.Console.WriteLine($\"started in {System.Environment.CurrentDirectory}\");");
        var source = new ImageSource.Project(project) { Layers = new LayerOptions { BaseImage = $"{bench.Bases.Host}/{DeliveryBench.Base}" } };
        var app = await Sdk.PublishAsync(_temp, source, Token);

        var image = await bench.PushAsync(bench.Request("v1"), (_, _) => new Publishing(Task.FromResult(app.Facts.BaseImage), Task.FromResult(app)));
        var said = await engine.PullAndRunAsync(bench, image);

        Assert.Equal(start, string.Join(' ', app.Facts.Start.AppCommand));
        Assert.Equal("started in /app", said);
    }

    private static async Task PutBaseAsync(DeliveryBench bench)
    {
        var tar = Path.Combine(bench.Folder, "base.tar");
        await Outside.RunAsync(Outside.Tar, "/", ["--dereference", "-cf", tar, .. Libraries]);
        await Outside.RunAsync(Outside.Tar, "/", ["-rf", tar, "usr/bin/dotnet", Root[1..] + "/dotnet", Root[1..] + "/host", Root[1..] + "/shared/Microsoft.NETCore.App"]);
        var seed = ArchiveSeed.Layout(await File.ReadAllBytesAsync(tar, Token));
        foreach (var (name, content) in seed.Files.Where(file => file.Key.StartsWith("blobs/", StringComparison.Ordinal)))
        {
            bench.Bases.Blobs["sha256:" + name[(name.LastIndexOf('/') + 1)..]] = content;
        }

        var image = ImageIndex.Parse(seed.Files["index.json"]).Manifests[0];
        bench.Bases.Manifests["10.0"] = bench.Bases.Manifests[image.Digest.Text] = (image.MediaType, bench.Bases.Blobs[image.Digest.Text]);
    }
}
