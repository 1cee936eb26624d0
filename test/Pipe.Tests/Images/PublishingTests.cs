using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Processes;
using EcsDeploy.Settings;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>Publishing projects and folders with the machine's own SDK.</summary>
public sealed class PublishingTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_project_and_a_folder_published_by_the_READMEs_line_give_the_same_image()
    {
        await using var registry = await BaseRegistry.StartAsync();
        var project = SampleApps.Web(_temp, "shop", SampleApps.ContainerSettings);
        using var publisher = Sdk.Publisher(_temp);

        var publishing = publisher.Start(new ImageSource.Project(project), Platform.Amd64, Token);
        var early = await publishing.BaseImage;
        Assert.False(publishing.App.IsCompleted, "The base image is told before the app is compiled.");
        var app = await publishing.App;
        await Sdk.ShellAsync(ContainerQuery.PublishLine("shop/Web", "Release", ".publish/app"), _temp.Path, Token);
        var folder = await publisher.Start(new ImageSource.PublishedFolder(".publish/app"), Platform.Amd64, Token).App;

        Assert.Equal("mcr.microsoft.com/dotnet/aspnet:10.0", early);
        Assert.Equal([LayerKind.Packages, LayerKind.Static, LayerKind.App], app.Layers.Select(layer => layer.Kind));
        Assert.Equal(["Serilog.dll", "Web"], app.Layers[0].Files.Select(file => file.Path));
        Assert.Equal((await Sdk.ComposeAsync(app, registry.Image, Token)).Digest, (await Sdk.ComposeAsync(folder, registry.Image, Token)).Digest);
    }

    // With the file at the repository's root that the README has one save there; elsewhere than in the pipe's clone.
    [Fact]
    public async Task A_project_with_Razor_files_and_FSharp_and_a_folder_published_elsewhere_by_the_READMEs_line_give_the_same_image()
    {
        await using var registry = await BaseRegistry.StartAsync();
        var project = SampleApps.WebWithRazorAndFSharp(_temp, "clone");
        _temp.Write($"clone/{PublishHook.StabilityFile}", PublishHook.Stability());
        _temp.Write("clone/.gitignore", "bin/\nobj/\n.publish/\n");
        await Sdk.ShellAsync("git init -q -b main . && git add -A && git commit -qm one && git clone -q . ../elsewhere/own-step", _temp.Folder("clone"), Token);
        using var publisher = Sdk.Publisher(_temp);

        var app = await publisher.Start(new ImageSource.Project(project), Platform.Amd64, Token).App;
        await Sdk.ShellAsync(ContainerQuery.PublishLine("Web", "Release", ".publish/app"), _temp.Folder("elsewhere/own-step"), Token);
        var folder = await publisher.Start(new ImageSource.PublishedFolder("elsewhere/own-step/.publish/app"), Platform.Amd64, Token).App;

        Assert.Equal((await Sdk.ComposeAsync(app, registry.Image, Token)).Digest, (await Sdk.ComposeAsync(folder, registry.Image, Token)).Digest);
    }

    // The README's line chooses none of the runtimes that a project lists; the pipe chooses by the platform.
    [Theory]
    [InlineData("<PropertyGroup><RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers></PropertyGroup><ItemGroup><ContainerPort Include=\"5005\" /></ItemGroup>")]
    [InlineData(SampleApps.StampedInTheBuild)]
    public async Task A_project_and_a_folder_give_the_same_image_also_where_the_build_decides(string settings)
    {
        await using var registry = await BaseRegistry.StartAsync();
        var project = SampleApps.Console(_temp, "app", settings);

        var app = await Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token);
        await Sdk.ShellAsync(ContainerQuery.PublishLine("app/app.csproj", "Release", ".publish/app"), _temp.Path, Token);
        using var publisher = Sdk.Publisher(_temp);
        var folder = await publisher.Start(new ImageSource.PublishedFolder(".publish/app"), Platform.Amd64, Token).App;

        Assert.Equal((await Sdk.ComposeAsync(app, registry.Image, Token)).Digest, (await Sdk.ComposeAsync(folder, registry.Image, Token)).Digest);
        Assert.True(app.Facts.Ports.Count + app.Facts.Environment.Count > 0);
    }

    [Fact]
    public async Task A_target_that_hangs_on_the_SDKs_own_container_publish_is_named()
    {
        var project = SampleApps.Console(_temp, "app", "<Target Name=\"Late\" BeforeTargets=\"PublishContainer\" />");
        _temp.Write("Directory.Build.targets", "<Project><Target Name='Later' AfterTargets='Publish;PublishContainer' /></Project>");
        _temp.Write("Directory.Build.props", "<Project><Target Name=\"Early\" BeforeTargets=\"ComputeContainerConfig\" /></Project>");
        var log = new LogLines();

        await Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token, log.Logger);

        Assert.Equal(
            ["\"app/app.csproj\"", "\"Directory.Build.targets\""],
            log.Lines.Where(line => line.Contains("hangs a target on PublishContainer", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_working_directory_without_a_slash_does_not_grow_together_with_the_apps_name()
    {
        var project = SampleApps.Console(_temp, "app", "<PropertyGroup><ContainerWorkingDirectory>/srv/apps/shop</ContainerWorkingDirectory></PropertyGroup>");

        var app = await Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token);

        Assert.Equal(["dotnet", "/srv/apps/shop/app.dll"], app.Facts.Start.AppCommand);
    }

    [Fact]
    public async Task A_working_directory_that_is_relative_is_refused()
    {
        var project = SampleApps.Console(_temp, "app", "<PropertyGroup><ContainerWorkingDirectory>srv/app/</ContainerWorkingDirectory></PropertyGroup>");

        var error = await Assert.ThrowsAsync<BuildException>(() => Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token));

        Assert.StartsWith("The project's ContainerWorkingDirectory is 'srv/app/'. It must begin with '/'", error.Message, StringComparison.Ordinal);
    }

    // The SDK makes an image's name of it, which the pipe does not use.
    [Theory]
    [InlineData("Магазин", "")]
    [InlineData("app", "<PropertyGroup><ContainerRepository>Not A Name!</ContainerRepository><ContainerImageTags>not a tag</ContainerImageTags></PropertyGroup>")]
    public async Task A_name_that_no_image_may_have_is_no_fault(string name, string settings)
    {
        var app = await Sdk.PublishAsync(_temp, new ImageSource.Project(SampleApps.Console(_temp, name, settings)), Token);

        Assert.Equal(["dotnet", $"/app/{name}.dll"], app.Facts.Start.AppCommand);
    }

    [Fact]
    public async Task A_folder_with_nothing_beside_it_is_read_and_what_is_assumed_is_said()
    {
        var project = SampleApps.Web(_temp, "shop");
        await Sdk.ShellAsync($"dotnet publish '{project}' -c Release -o out -m:1 -nodeReuse:false", _temp.Path, Token);
        var log = new LogLines();
        using var publisher = Sdk.Publisher(_temp, log.Logger);

        var app = await publisher.Start(new ImageSource.PublishedFolder("out"), Platform.Amd64, Token).App;

        Assert.Equal("mcr.microsoft.com/dotnet/aspnet:10.0", app.Facts.BaseImage);
        Assert.Equal(["dotnet", "/app/Web.dll"], app.Facts.Start.AppCommand);
        Assert.Contains(log.Lines, line => line.Contains("assuming", StringComparison.Ordinal) && line.Contains("/app/Web.dll", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_project_that_did_not_change_is_not_compiled_again_in_the_same_clone()
    {
        var project = SampleApps.Console(_temp, "app");
        var assembly = Path.Combine(_temp.Path, "app/obj/Release/net10.0/app.dll");

        await Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token);
        var compiled = File.GetLastWriteTimeUtc(assembly);
        await Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token);

        Assert.True(compiled > DateTime.UnixEpoch.AddDays(1), "The first run compiles.");
        Assert.Equal(compiled, File.GetLastWriteTimeUtc(assembly));
    }

    [Fact]
    public async Task What_the_SDK_forgets_among_temporary_files_lies_in_the_runs_own_folder()
    {
        var project = SampleApps.Console(_temp, "app");
        var (machine, work) = (_temp.Folder("machine"), _temp.Folder("work"));
        var environment = new Dictionary<string, string>(Sdk.Environment) { ["TMPDIR"] = machine };
        var site = new BuildSite { CloneDirectory = _temp.Path, WorkDirectory = work, Environment = environment };
        using var publisher = new AppPublisher(new ProcessRunner(TimeProvider.System), site, Logger.None);

        await publisher.Start(new ImageSource.Project(project), Platform.Amd64, Token).App;

        Assert.Empty(Directory.EnumerateFileSystemEntries(machine));
        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(Path.Combine(work, "tmp")));
    }

    [Fact]
    public async Task A_project_that_does_not_compile_is_answered_with_the_compilers_errors_once()
    {
        var project = SampleApps.Web(_temp, "shop");
        _temp.Write("shop/Web/Broken.cs", "class Broken { void M() { undefined(); } }");

        var error = await Assert.ThrowsAsync<BuildException>(() => Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token));

        Assert.Equal(
            "shop/Web/Web.csproj does not build:\nshop/Web/Broken.cs(1,27): error CS0103: The name 'undefined' does not exist in the current context",
            error.Message);
    }

    [Theory]
    [InlineData("", "CS5001")]
    [InlineData("class A { static void Main() { } } class B { static void Main() { } }", "CS0017")]
    public async Task A_project_without_a_start_or_with_two_is_answered_with_the_compilers_words(string program, string code)
    {
        var project = SampleApps.Console(_temp, "app");
        _temp.Write("app/Program.cs", program);

        var error = await Assert.ThrowsAsync<BuildException>(() => Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token));

        Assert.Contains(code, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_SDK_that_is_not_here_is_answered_with_a_step_that_has_it()
    {
        var project = SampleApps.Console(_temp, "old");
        _temp.Write("global.json", """{ "sdk": { "version": "3.1.100", "rollForward": "disable" } }""");

        var error = await Assert.ThrowsAsync<BuildException>(() => Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token));

        Assert.Contains("mcr.microsoft.com/dotnet/sdk:3.1.100", error.Message, StringComparison.Ordinal);
        Assert.Contains("PUBLISH_DIR: .publish/app", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_build_at_once()
    {
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var project = SampleApps.Web(_temp, "shop");
        using var publisher = Sdk.Publisher(_temp);
        var publishing = publisher.Start(new ImageSource.Project(project), Platform.Amd64, cancelling.Token);
        await publishing.BaseImage;

        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing.App);
    }

    [Theory]
    [InlineData("-o")]
    [InlineData("--configuration")]
    public async Task Arguments_that_the_pipe_sets_itself_are_refused(string argument)
    {
        var source = new ImageSource.Project(SampleApps.Console(_temp, "app")) { PublishArguments = [argument, "x"] };

        var error = await Assert.ThrowsAsync<BuildException>(() => Sdk.PublishAsync(_temp, source, Token));

        Assert.Contains($"PUBLISH_ARGS holds {argument}", error.Message, StringComparison.Ordinal);
    }
}
