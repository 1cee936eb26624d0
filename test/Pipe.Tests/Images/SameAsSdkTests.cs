using EcsDeploy.Oci;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>The same app published both ways: by the SDK's own container publish, and by the pipe. What comes out must mean the same.</summary>
public sealed class SameAsSdkTests : IAsyncLifetime
{
    private static readonly string[] Varying = ["org.opencontainers.image.created", "org.opencontainers.artifact.created"];

    private readonly TempFolder _temp = new();
    private BaseRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _registry = await BaseRegistry.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_plain_web_app() => await CompareAsync(SampleApps.Web(_temp, "plain"));

    [Fact]
    public async Task A_web_app_with_every_container_setting() => await CompareAsync(SampleApps.Web(_temp, "decorated", SampleApps.ContainerSettings));

    [Fact]
    public async Task A_program_whose_settings_are_made_in_the_build() => await CompareAsync(SampleApps.Console(_temp, "worker", SampleApps.StampedInTheBuild));

    [Fact]
    public async Task A_self_contained_program_without_ASP_NET() =>
        await CompareAsync(SampleApps.Console(_temp, "worker", "<PropertyGroup><SelfContained>true</SelfContained></PropertyGroup>"));

    [Theory]
    [MemberData(nameof(Starts))]
    public async Task A_program_with_the_container_settings(string settings)
    {
        Assert.True(SampleApps.Starts.TryGetValue(settings, out var project));

        await CompareAsync(SampleApps.Console(_temp, "worker", project));
    }

    public static TheoryData<string> Starts => [.. SampleApps.Starts.Keys];

    // The SDK's archive has no manifest to compare; the base here is in Docker's format.
    [Theory]
    [InlineData("", MediaTypes.DockerManifest)]
    [InlineData("<PropertyGroup><ContainerImageFormat>OCI</ContainerImageFormat></PropertyGroup>", MediaTypes.OciManifest)]
    [InlineData("<PropertyGroup><ContainerImageFormat>Docker</ContainerImageFormat></PropertyGroup>", MediaTypes.DockerManifest)]
    public async Task The_format_is_the_bases_unless_the_project_names_one(string settings, string type)
    {
        var source = new ImageSource.Project(SampleApps.Console(_temp, "worker", settings)) { Layers = new LayerOptions { BaseImage = _registry.Reference } };

        var image = await Sdk.ComposeAsync(await Sdk.PublishAsync(_temp, source, Token), _registry.Image, Token);

        Assert.Equal(type, image.Descriptor.MediaType);
    }

    private async Task CompareAsync(string project)
    {
        var source = new ImageSource.Project(project) { Layers = new LayerOptions { BaseImage = _registry.Reference } };

        var app = await Sdk.PublishAsync(_temp, source, Token);
        var (sdk, files) = await Sdk.PublishContainerAsync(_temp, project, _registry, Token);

        var ours = ImageConfiguration.Parse((await Sdk.ComposeAsync(app, _registry.Image, Token)).Configuration.Span);
        Assert.Equal(Meaning(sdk), Meaning(ours));
        Assert.Equal(files.OrderBy(file => file.Key, StringComparer.Ordinal), (await Sdk.FilesOfAsync(app, Token)).OrderBy(file => file.Key, StringComparer.Ordinal));
    }

    private static string[] Meaning(ImageConfiguration image) =>
    [
        $"platform {image.Platform}",
        $"entry point {string.Join(' ', image.EntryPoint)}",
        $"command {string.Join(' ', image.Command)}",
        $"working directory {image.WorkingDirectory}",
        $"user {image.User}",
        .. image.Environment.Order(StringComparer.Ordinal),
        .. image.Ports.Order(StringComparer.Ordinal),
        .. image.Labels.Where(label => !Varying.Contains(label.Key)).Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal),
    ];
}
