using EcsDeploy.Images;
using EcsDeploy.Settings;
using Pipe.Tests.Images;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>A published folder that cannot be read ends the push with its fault: whatever waits for the app waits no longer.</summary>
public sealed class UnreadableFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("link", "nowhere")]
    [InlineData("link", "link")]
    [InlineData("a.deps.json", "nowhere")]
    public async Task A_link_that_leads_nowhere(string name, string target)
    {
        _temp.Write("app/x.txt", "x");
        File.CreateSymbolicLink(Path.Combine(_temp.Path, "app", name), target);

        Assert.Contains(name, await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_with_half_a_character()
    {
        _temp.Write("app/web.dll", "MZ");
        _temp.Write("app/web.runtimeconfig.json", """{"runtimeOptions":{"tfm":"\ud800"}}""");

        Assert.Contains("web.runtimeconfig.json is not readable as JSON", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_for_temporary_files_that_cannot_be_written_to()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var large = new byte[6_000_000];
        new Random(1).NextBytes(large);
        await File.WriteAllBytesAsync(Path.Combine(bench.Folder, "large.bin"), large, TestContext.Current.CancellationToken);
        bench.App.Write("Shop.dll", "app");
        await File.WriteAllBytesAsync(Path.Combine(bench.Folder, "app", "Shop.dll"), large, TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<BuildException>(() => bench.PushAsync(bench.Request("v1") with { WorkDirectory = "/dev/null/x" }));

        Assert.Contains("the folder for temporary files cannot be written to", failure.Message, StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync()
    {
        await using var bench = await DeliveryBench.StartAsync();
        using var publisher = Sdk.Publisher(_temp);
        var pushing = bench.PushAsync(bench.Request("v1"), (platform, token) => publisher.Start(new ImageSource.PublishedFolder("app"), platform, token));
        return (await Assert.ThrowsAsync<BuildException>(() => pushing.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken))).Message;
    }
}
