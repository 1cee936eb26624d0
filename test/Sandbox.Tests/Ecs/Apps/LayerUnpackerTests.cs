using System.Formats.Tar;
using Sandbox.Ecr;
using Sandbox.Ecs.Apps;
using Xunit;

namespace Sandbox.Tests.Ecs.Apps;

/// <summary>Layers over layers; source: OCI image spec, layer.md (whiteouts, opaque whiteouts, links).</summary>
public sealed class LayerUnpackerTests : IDisposable
{
    private readonly Layers _layers = new();

    public void Dispose() => _layers.Dispose();

    [Fact]
    public async Task Later_layers_lie_over_earlier_ones_and_whiteouts_take_away()
    {
        var root = await UnpackAsync(
            _layers.Layer(Layers.File("app/old", "1"), Layers.File("app/kept", "1"), Layers.File("dir/a", "1"), Layers.File("dir/b", "1")),
            _layers.Layer(Layers.File("app/.wh.old", ""), Layers.File("app/kept", "2"), Layers.File("dir/c", "2"), Layers.File("dir/.wh..wh..opq", "")));
        Assert.Equal(["app/kept", "dir/c"], Files(root));
        Assert.Equal("2", await File.ReadAllTextAsync(root.Resolve("/app/kept"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_whiteout_takes_a_whole_folder_away() =>
        Assert.Equal(["x"], Files(await UnpackAsync(_layers.Layer(Layers.File("dir/sub/a", "1"), Layers.File("x", "1")), _layers.Layer(Layers.File(".wh.dir", "")))));

    [Theory]
    [InlineData("../../evil")]
    [InlineData("/../evil")]
    [InlineData("out/../../evil")]
    public async Task No_name_leads_out_of_the_root(string name)
    {
        var root = await UnpackAsync(_layers.Layer(Layers.File(name, "1")));
        Assert.Equal(["evil"], Files(root));
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("../../../../../../../../../../etc")]
    public async Task No_link_leads_out_of_the_root(string target)
    {
        var root = await UnpackAsync(_layers.Layer(Layers.Link("conf", target), Layers.File("conf/passwd", "ours")), _layers.Layer(Layers.File("conf/more", "ours")));
        Assert.Equal("ours", await File.ReadAllTextAsync(Path.Combine(root.Path, "etc/passwd"), TestContext.Current.CancellationToken));
        Assert.Equal("ours", await File.ReadAllTextAsync(Path.Combine(root.Path, "conf/more"), TestContext.Current.CancellationToken));
        Assert.StartsWith(root.Path, new DirectoryInfo(Path.Combine(root.Path, "conf")).ResolveLinkTarget(true)!.FullName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hard_link_outside_is_taken_from_inside()
    {
        var root = await UnpackAsync(_layers.Layer(Layers.File("etc/hostname", "ours"), Layers.Link("copy", "/../etc/hostname", TarEntryType.HardLink)));
        Assert.Equal("ours", await File.ReadAllTextAsync(root.Resolve("copy"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Links_in_a_circle_end() =>
        await Assert.ThrowsAsync<IOException>(() => UnpackAsync(_layers.Layer(Layers.Link("a", "b"), Layers.Link("b", "a"), Layers.File("a/x", "1"))));

    [Fact]
    public async Task A_usual_link_stays_as_it_is()
    {
        var root = await UnpackAsync(_layers.Layer(Layers.File("usr/bin/tool", "1"), Layers.Link("bin", "usr/bin")), _layers.Layer(Layers.File("bin/other", "2")));
        Assert.Equal("usr/bin", new FileInfo(Path.Combine(root.Path, "bin")).LinkTarget);
        Assert.True(File.Exists(Path.Combine(root.Path, "usr/bin/other")));
    }

    private async Task<RootFolder> UnpackAsync(params LayerBlob[] layers)
    {
        var root = new RootFolder(Directory.CreateDirectory(Path.Combine(_layers.Folder, "root")).FullName);
        var unpacker = new LayerUnpacker(root);
        foreach (var layer in layers)
        {
            await unpacker.UnpackAsync(layer, TestContext.Current.CancellationToken);
        }

        return root;
    }

    private static IEnumerable<string> Files(RootFolder root) =>
        Directory.GetFiles(root.Path, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root.Path, path)).Order(StringComparer.Ordinal);
}
