using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>PUBLISH_DIR: folders that are an app, and folders that are not.</summary>
public sealed class PublishedFolderTests : IDisposable
{
    private const string WebConfig = """{"runtimeOptions":{"tfm":"net9.0","frameworks":[{"name":"Microsoft.NETCore.App","version":"9.0.0"},{"name":"Microsoft.AspNetCore.App","version":"9.0.0"}]}}""";
    private const string WorkerConfig = """{"runtimeOptions":{"tfm":"net8.0","framework":{"name":"Microsoft.NETCore.App","version":"8.0.0"}}}""";
    private const string AloneConfig = """{"runtimeOptions":{"tfm":"net10.0","includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.0"}]}}""";

    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(WebConfig, "mcr.microsoft.com/dotnet/aspnet:9.0", "dotnet /app/Shop.Api.dll")]
    [InlineData(WorkerConfig, "mcr.microsoft.com/dotnet/runtime:8.0", "dotnet /app/Shop.Api.dll")]
    [InlineData(AloneConfig, "mcr.microsoft.com/dotnet/runtime-deps:10.0", "/app/Shop.Api")]
    public async Task What_a_folder_needs_is_read_from_its_runtimeconfig(string config, string baseImage, string start)
    {
        App("Shop.Api", config);

        var app = await PublishAsync();

        Assert.Equal((baseImage, start), (app.Facts.BaseImage, string.Join(' ', app.Facts.Start.AppCommand)));
    }

    [Fact]
    public async Task BASE_IMAGE_wins_over_what_the_folder_tells()
    {
        App("web", WebConfig);

        var app = await PublishAsync("example.org/base:1");

        Assert.Equal("example.org/base:1", app.Facts.BaseImage);
        Assert.Contains(new("org.opencontainers.image.base.name", "example.org/base:1"), app.Facts.Labels);
    }

    [Fact]
    public async Task A_native_program_alone_needs_a_base_to_be_named()
    {
        _temp.Write("app/Shop.Api", Elf(machine: 62));
        _temp.Write("app/libsqlite.so", Elf(machine: 62));

        Assert.Contains("Set BASE_IMAGE", await RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal(["/app/Shop.Api"], (await PublishAsync("example.org/base:1")).Facts.Start.AppCommand);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/app/web")]
    [InlineData("/usr/bin/tini -- /app/web")]
    public async Task A_starter_without_the_runtimeconfig_of_its_app_is_no_program_of_its_own(string? start)
    {
        App("web", WebConfig);
        StartsWith(start);
        await PublishAsync("example.org/base:1");

        File.Delete(Path.Combine(_temp.Path, "app/web.runtimeconfig.json"));

        Assert.Contains("there is no web.runtimeconfig.json", await RefusalAsync("example.org/base:1"), StringComparison.Ordinal);
        Assert.Contains("there is no web.runtimeconfig.json", await RefusalAsync(), StringComparison.Ordinal);
    }

    // The host takes the runtime that lies beside it, as a configuration that names no framework says too.
    [Theory]
    [InlineData(null)]
    [InlineData("/app/web")]
    public async Task A_starter_with_the_runtime_beside_it_needs_no_runtimeconfig(string? start)
    {
        App("web", AloneConfig);
        StartsWith(start);
        _temp.Write("app/libhostpolicy.so", Elf(machine: 62));
        File.Delete(Path.Combine(_temp.Path, "app/web.runtimeconfig.json"));

        Assert.Equal(["/app/web"], (await PublishAsync("example.org/base:1")).Facts.Start.AppCommand);
    }

    [Fact]
    public async Task A_program_for_another_machine_is_refused()
    {
        App("web", AloneConfig);
        _temp.Write("app/web", Elf(machine: 183));

        Assert.Contains("another machine than linux/amd64", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-arm64", ", or set PLATFORMS to linux/arm64 if that is what the tasks run on.")]
    [InlineData("win-x64", ".")]
    public async Task An_app_for_another_runtime_is_refused_with_what_can_be_done(string runtime, string otherwise)
    {
        App("web", AloneConfig);
        _temp.Write("app/web.deps.json", $$"""{"runtimeTarget":{"name":".NETCoreApp,Version=v10.0/{{runtime}}"},"libraries":{} }""");

        Assert.Equal(
            $"The app is published for {runtime}, but the image shall run on linux/amd64. Publish with -r linux-x64 (where the project's RuntimeIdentifier or an argument says another, take that out){otherwise}",
            await RefusalAsync());
    }

    [Fact]
    public async Task A_self_contained_app_without_its_program_is_refused()
    {
        App("web", AloneConfig);
        File.Delete(Path.Combine(_temp.Path, "app/web"));

        Assert.Contains("would start /app/web", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_apps_in_one_folder_are_named()
    {
        App("api", WebConfig);
        App("worker", WorkerConfig);

        Assert.Contains("api.runtimeconfig.json, worker.runtimeconfig.json", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("readme.txt")]
    [InlineData("lib.dll")]
    [InlineData("lib.runtimeconfig.json")]
    public async Task A_folder_that_is_no_published_app_is_refused(string file)
    {
        _temp.Write("app/" + file, "{}");

        Assert.Contains("no published app", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_folder_and_none_at_all_are_told_apart()
    {
        Assert.Contains("no such folder", await RefusalAsync(), StringComparison.Ordinal);
        _temp.Folder("app");
        Assert.Contains("no published app", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task What_lies_beside_the_folder_must_be_an_answer_of_MSBuild(string answer)
    {
        App("web", WebConfig);
        _temp.Write("app.container.json", answer);

        await RefusalAsync();
    }

    [Fact]
    public async Task A_library_is_no_app_even_if_MSBuild_says_how_it_would_start()
    {
        _temp.Write("app/lib.dll", "MZ");
        StartsWith("dotnet /app/lib.dll");

        Assert.Contains("is a library", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_list_of_dependencies_is_the_apps_fault()
    {
        App("web", WebConfig);
        _temp.Write("app/web.deps.json", "{");

        Assert.Contains("web.deps.json", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_thousand_files_are_no_trouble()
    {
        App("web", WebConfig);
        for (var number = 0; number < 20_000; number++)
        {
            _temp.Write($"app/wwwroot/{number % 100}/{number}.txt", $"{number}");
        }

        var app = await PublishAsync();
        var measured = await app.Layers.Single(layer => layer.Kind == LayerKind.Static).MeasureAsync(Token);

        Assert.Equal(20_000, app.Layers[0].Files.Count);
        // Each file is a header and one block; then the folders, and two blocks at the end.
        Assert.Equal((20_000 * 1024) + ((100 + 2) * 512) + 1024, measured.Size);
    }

    private void App(string name, string config)
    {
        _temp.Write($"app/{name}.dll", "MZ");
        _temp.Write($"app/{name}", Elf(machine: 62));
        _temp.Write($"app/{name}.runtimeconfig.json", config);
    }

    // As facts beside the folder say it; null for none.
    private void StartsWith(string? command)
    {
        if (command is not null)
        {
            var items = string.Join(',', command.Split(' ').Select(part => $$"""{"Identity":"{{part}}"}"""));
            _temp.Write("app.container.json", $$$"""
                {"Properties":{"ContainerBaseImage":"b","ContainerWorkingDirectory":"/app/","ContainerRuntimeIdentifier":"linux-x64"},
                 "Items":{"ContainerAppCommand":[{{{items}}}]}}
                """);
        }
    }

    private static byte[] Elf(byte machine)
    {
        var bytes = new byte[64];
        "\u007fELF"u8.CopyTo(bytes);
        bytes[18] = machine;
        return bytes;
    }

    private async Task<string> RefusalAsync(string? baseImage = null) => (await Assert.ThrowsAsync<BuildException>(() => PublishAsync(baseImage))).Message;

    private async Task<PublishedApp> PublishAsync(string? baseImage = null)
    {
        using var publisher = Sdk.Publisher(_temp);
        var source = new ImageSource.PublishedFolder("app") { Layers = new LayerOptions { BaseImage = baseImage } };
        return await publisher.Start(source, Platform.Amd64, Token).App;
    }
}
