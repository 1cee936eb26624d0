using EcsDeploy.Images;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>No change is no change: another clone of another commit, elsewhere, later, under another umask, gives the same digest.</summary>
public sealed class StabilityTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Two_clones_of_two_commits_that_change_nothing_in_the_app_give_one_digest()
    {
        await using var registry = await BaseRegistry.StartAsync();
        SampleApps.Web(_temp, "origin", SampleApps.ContainerSettings);
        _temp.Write("origin/.gitignore", "bin/\nobj/\n");
        var origin = _temp.Folder("origin");
        await Sdk.ShellAsync("git init -q -b main . && git add -A && git commit -qm one", origin, Token);
        var first = await PublishCloneAsync(origin, "first", "umask 022");
        await Sdk.ShellAsync("echo hello > README.md && git add -A && git commit -qm two", origin, Token);
        var second = await PublishCloneAsync(origin, "a folder/elsewhere", "umask 077");

        Assert.Equal((await Sdk.ComposeAsync(first, registry.Image, Token)).Digest, (await Sdk.ComposeAsync(second, registry.Image, Token)).Digest);
    }

    // Razor and F# would write paths into what they make. What is built may lie beside each project, or all together.
    [Theory]
    [InlineData("")]
    [InlineData("<UseArtifactsOutput>true</UseArtifactsOutput>")]
    public async Task Two_clones_of_an_app_with_Razor_files_and_FSharp_give_one_digest(string layout)
    {
        await using var registry = await BaseRegistry.StartAsync();
        SampleApps.WebWithRazorAndFSharp(_temp, "origin");
        _temp.Write("origin/Directory.Build.props", $"<Project><PropertyGroup>{layout}</PropertyGroup></Project>");
        _temp.Write("origin/.gitignore", "bin/\nobj/\nartifacts/\n");
        var origin = _temp.Folder("origin");
        await Sdk.ShellAsync("git init -q -b main . && git add -A && git commit -qm one", origin, Token);
        var first = await PublishCloneAsync(origin, "first", "umask 022");
        var second = await PublishCloneAsync(origin, "a folder/elsewhere", "umask 077");

        Assert.Equal((await Sdk.ComposeAsync(first, registry.Image, Token)).Digest, (await Sdk.ComposeAsync(second, registry.Image, Token)).Digest);
        Assert.Contains(first.Layers[^1].Files, file => file.Path == "Words.pdb");
    }

    // Its compiler lets the language into what it makes.
    [Fact]
    public async Task A_step_in_another_language_gives_the_same_digest_of_a_Visual_Basic_app()
    {
        await using var registry = await BaseRegistry.StartAsync();
        _temp.Write("app/Program.vb", "Module Program\n  Sub Main()\n    System.Console.WriteLine(1)\n  End Sub\nEnd Module\n");
        var project = _temp.Write("app/app.vbproj", """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup></Project>
            """);
        var digests = new List<string>();
        foreach (var language in (string[])["C.UTF-8", "de_DE.UTF-8"])
        {
            digests.Add((await Sdk.ComposeAsync(await Sdk.PublishAsync(_temp, new ImageSource.Project(project), Token, language: language), registry.Image, Token)).Digest.ToString());
            Directory.Delete(_temp.Folder("app/obj"), recursive: true);
        }

        Assert.Equal(digests[0], digests[1]);
    }

    [Fact]
    public async Task With_REPRODUCIBLE_off_the_commit_is_in_the_app_again()
    {
        SampleApps.Web(_temp, "origin");
        _temp.Write("origin/.gitignore", "bin/\nobj/\n");
        var origin = _temp.Folder("origin");
        await Sdk.ShellAsync("git init -q -b main . && git add -A && git commit -qm one", origin, Token);

        var app = await PublishCloneAsync(origin, "clone", "true", reproducible: false);

        var commit = (await Sdk.ShellAsync("git rev-parse HEAD", origin, Token))[0];
        var library = await File.ReadAllTextAsync(Path.Combine(app.Folder, "Web.dll"), System.Text.Encoding.Latin1, Token);
        Assert.Contains(commit, library, StringComparison.Ordinal);
        Assert.Contains(app.Facts.Labels, label => label.Key == "org.opencontainers.image.created");
    }

    // As Bitbucket clones: with its own address as the remote, which is what the SDK's source link looks at.
    private async Task<PublishedApp> PublishCloneAsync(string origin, string name, string umask, bool reproducible = true)
    {
        await Sdk.ShellAsync($"{umask}; git clone -q '{origin}' '{name}' && cd '{name}' && git remote set-url origin https://bitbucket.org/team/shop.git", _temp.Path, Token);
        var source = new ImageSource.Project(Path.Combine(_temp.Path, name, "Web/Web.csproj")) { Reproducible = reproducible };
        return await Sdk.PublishAsync(_temp, source, Token);
    }
}
