using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>Every kind of app that a team may have: what it starts with, on which base, in which layers.</summary>
public sealed class KindsOfAppsTests : IDisposable
{
    private const string Framework = "mcr.microsoft.com/dotnet/aspnet:10.0";
    private const string Native = "mcr.microsoft.com/dotnet/runtime-deps:10.0";

    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("SelfContained", "true", Native, "/app/Web", "Runtime Packages Static App")]
    [InlineData("PublishReadyToRun", "true", Framework, "dotnet /app/Web.dll", "Packages Static App")]
    [InlineData("ContainerFamily", "noble-chiseled-extra", Framework + "-noble-chiseled-extra", "dotnet /app/Web.dll", "Packages Static App")]
    [InlineData("ContainerFamily", "noble-chiseled", Framework + "-noble-chiseled-extra", "dotnet /app/Web.dll", "Packages Static App")]
    [InlineData("ContainerBaseImage", "registry.example/base:7", "registry.example/base:7", "dotnet /app/Web.dll", "Packages Static App")]
    [InlineData("RuntimeIdentifier", "linux-musl-x64", Framework + "-alpine", "dotnet /app/Web.dll", "Packages Static App")]
    [InlineData("RuntimeIdentifiers", "linux-x64;linux-arm64", Framework, "dotnet /app/Web.dll", "Packages Static App")]
    [InlineData("AssemblyName", "Shop.Api", Framework, "dotnet /app/Shop.Api.dll", "Packages Static App")]
    [InlineData("RuntimeIdentifier", "linux-arm64", Framework, "", "", "published for linux-arm64")]
    public async Task A_web_app(string property, string value, string baseImage, string start, string layers, string? refusal = null)
    {
        var project = SampleApps.Web(_temp, "shop", $"<PropertyGroup><{property}>{value}</{property}></PropertyGroup>");

        if (refusal is not null)
        {
            var error = await Assert.ThrowsAsync<BuildException>(() => PublishAsync(project, Platform.Amd64));
            Assert.Contains(refusal, error.Message, StringComparison.Ordinal);
            return;
        }

        var app = await PublishAsync(project, Platform.Amd64);
        Assert.Equal(baseImage, app.Facts.BaseImage);
        Assert.Equal(start, string.Join(' ', app.Facts.Start.AppCommand));
        Assert.Equal(layers, string.Join(' ', app.Layers.Select(layer => layer.Kind)));
    }

    // The SDK's own container publish makes an image of it that starts a file which is not there.
    [Fact]
    public async Task A_web_app_as_one_file_without_its_runtime_is_told_what_is_missing()
    {
        var project = SampleApps.Web(_temp, "shop", "<PropertyGroup><PublishSingleFile>true</PublishSingleFile><SelfContained>false</SelfContained></PropertyGroup>");

        var error = await Assert.ThrowsAsync<BuildException>(() => PublishAsync(project, Platform.Amd64));

        Assert.Contains("would start /app/Web.dll", error.Message, StringComparison.Ordinal);
        Assert.Contains("ContainerAppCommand", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_app_as_one_file_with_its_runtime()
    {
        var project = SampleApps.Web(_temp, "shop", "<PropertyGroup><PublishSingleFile>true</PublishSingleFile></PropertyGroup>");

        var app = await PublishAsync(project, Platform.Amd64);
        var assumed = AssumedFacts.Of(app.Folder);

        Assert.Equal([LayerKind.Static, LayerKind.App], app.Layers.Select(layer => layer.Kind));
        Assert.Equal(["/app/Web"], app.Facts.Start.AppCommand);
        Assert.Equal(("Web", true), (assumed?.Name, assumed?.SelfContained));
    }

    [Theory]
    [InlineData("", Framework, "linux-arm64")]
    [InlineData("<RuntimeIdentifiers>linux-x64;linux-musl-x64;linux-arm64</RuntimeIdentifiers>", Framework, "linux-arm64")]
    [InlineData("<RuntimeIdentifier>linux-musl-x64</RuntimeIdentifier><UseAppHost>false</UseAppHost>", Framework + "-alpine", "linux-musl-arm64")]
    public async Task A_web_app_for_the_other_machine(string properties, string baseImage, string runtime)
    {
        var project = SampleApps.Web(_temp, "shop", $"<PropertyGroup>{properties}</PropertyGroup>");

        var app = await PublishAsync(project, Platform.Arm64);

        Assert.Equal((baseImage, runtime), (app.Facts.BaseImage, app.Facts.RuntimeIdentifier));
    }

    // The SDK adds "-extra", with ICU and time zones, where the app needs cultures.
    [Fact]
    public async Task A_web_app_without_cultures_on_a_chiseled_base()
    {
        var project = SampleApps.Web(_temp, "shop", "<PropertyGroup><ContainerFamily>noble-chiseled</ContainerFamily><InvariantGlobalization>true</InvariantGlobalization></PropertyGroup>");

        Assert.Equal(Framework + "-noble-chiseled", (await PublishAsync(project, Platform.Amd64)).Facts.BaseImage);
    }

    // The linker needs more memory than a step gives by default; what it dies of is told in BuildFailure's words.
    [Fact]
    public async Task A_trimmed_web_app()
    {
        var project = SampleApps.Web(_temp, "shop", "<PropertyGroup><PublishTrimmed>true</PublishTrimmed></PropertyGroup>");

        var app = await Sdk.PublishAsync(_temp, new ImageSource.Project(project) { BuildMemoryMebibytes = 3072 }, Token);

        Assert.Equal(Native + "-noble-chiseled-extra", app.Facts.BaseImage);
        Assert.Equal(["/app/Web"], app.Facts.Start.AppCommand);
        // Nothing of the package is used, so nothing of it is left.
        Assert.Equal([LayerKind.Runtime, LayerKind.Static, LayerKind.App], app.Layers.Select(layer => layer.Kind));
    }

    [Fact]
    public async Task A_worker_of_the_workers_SDK_needs_no_ASP_NET()
    {
        _temp.Write("worker/Program.cs", """
            using Microsoft.Extensions.Hosting;
            Host.CreateApplicationBuilder(args).Build();
            System.Console.WriteLine("made");
            """);
        var project = _temp.Write("worker/Worker.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Worker"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            <ItemGroup><PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.0" /></ItemGroup></Project>
            """);

        var app = await PublishAsync(project, Platform.Amd64);

        Assert.Equal("mcr.microsoft.com/dotnet/runtime:10.0", app.Facts.BaseImage);
        Assert.Equal(["dotnet", "/app/Worker.dll"], app.Facts.Start.AppCommand);
        Assert.Equal([LayerKind.Packages, LayerKind.App], app.Layers.Select(layer => layer.Kind));
    }

    // The SDK takes them for its own push; a team that moves to the pipe should not wonder where its image went.
    [Fact]
    public async Task What_the_project_says_of_registry_tags_and_platforms_is_answered_with_the_variable_that_says_it_here()
    {
        var log = new LogLines();
        var project = SampleApps.Console(_temp, "worker", """
            <PropertyGroup><ContainerRegistry>ghcr.io</ContainerRegistry><ContainerRepository>team/worker</ContainerRepository><ContainerImageTags>1.0;latest</ContainerImageTags>
            <ContainerRuntimeIdentifiers>linux-x64;linux-arm64</ContainerRuntimeIdentifiers><RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers></PropertyGroup>
            """);

        await Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token, log.Logger);

        var told = log.Lines.Where(line => line.Contains("means nothing to the pipe", StringComparison.Ordinal));
        Assert.Equal(
            [
                "The project's \"ContainerRegistry\" means nothing to the pipe: \"ECR_REPOSITORY\" says it here",
                "The project's \"ContainerRepository\" means nothing to the pipe: \"ECR_REPOSITORY\" says it here",
                "The project's \"ContainerImageTags\" means nothing to the pipe: \"TAGS\" says it here",
                "The project's \"ContainerRuntimeIdentifiers\" means nothing to the pipe: \"PLATFORMS\" says it here",
            ],
            told);
    }

    [Fact]
    public async Task A_project_that_says_nothing_of_its_container_is_told_nothing()
    {
        var log = new LogLines();

        await Sdk.PublishAsync(_temp, new ImageSource.Project(SampleApps.Console(_temp, "worker")), Token, log.Logger);

        Assert.DoesNotContain(log.Lines, line => line.Contains("means nothing to the pipe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_project_whose_package_versions_stand_in_one_place()
    {
        var project = SampleApps.Web(_temp, "shop");
        _temp.Write("Directory.Packages.props", """
            <Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup>
            <ItemGroup><PackageVersion Include="Serilog" Version="4.4.0" /></ItemGroup></Project>
            """);
        var text = await File.ReadAllTextAsync(project, Token);
        await File.WriteAllTextAsync(project, text.Replace(" Version=\"4.4.0\"", "", StringComparison.Ordinal), Token);

        var app = await PublishAsync(project, Platform.Amd64);

        Assert.Equal(["Serilog.dll", "Web"], app.Layers[0].Files.Select(file => file.Path));
    }

    [Fact]
    public async Task Framework_references_that_come_with_a_package_or_library_decide_the_base()
    {
        _temp.Write("Lib/Lib.csproj", """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            <ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup></Project>
            """);
        var worker = SampleApps.Console(_temp, "worker", """<ItemGroup><ProjectReference Include="../Lib/Lib.csproj" /></ItemGroup>""");

        Assert.Equal(Framework, (await PublishAsync(worker, Platform.Amd64)).Facts.BaseImage);
    }

    private Task<PublishedApp> PublishAsync(string project, Platform platform) =>
        Sdk.PublishAsync(_temp, new ImageSource.Project(project) { Platforms = [platform] }, Token);
}
