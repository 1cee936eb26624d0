using EcsDeploy.Images;
using EcsDeploy.Processes;
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
        await ShellAsync("git init -q -b main . && git add -A && git commit -qm one", origin);
        var first = await PublishCloneAsync(origin, "first", "umask 022");
        await ShellAsync("echo hello > README.md && git add -A && git commit -qm two", origin);
        var second = await PublishCloneAsync(origin, "a folder/elsewhere", "umask 077");

        Assert.Equal((await Sdk.ComposeAsync(first, registry.Image, Token)).Digest, (await Sdk.ComposeAsync(second, registry.Image, Token)).Digest);
    }

    // The Razor compiler writes its project's folder into what it makes, and in Bitbucket a clone always lies in the same.
    [Fact]
    public async Task Two_clones_of_an_app_with_Razor_give_one_digest_in_the_same_folder()
    {
        await using var registry = await BaseRegistry.StartAsync();
        SampleApps.Web(_temp, "origin");
        _temp.Write("origin/Web/Pages/Index.cshtml", "@page\n<h1>@Lib.Words.Hello</h1>\n");
        _temp.Write("origin/.gitignore", "bin/\nobj/\n");
        var origin = _temp.Folder("origin");
        await ShellAsync("git init -q -b main . && git add -A && git commit -qm one", origin);
        var first = await Sdk.ComposeAsync(await PublishCloneAsync(origin, "clone", "umask 022"), registry.Image, Token);
        Directory.Delete(_temp.Folder("clone"), recursive: true);
        await ShellAsync("echo hello > README.md && git add -A && git commit -qm two", origin);
        var second = await Sdk.ComposeAsync(await PublishCloneAsync(origin, "clone", "umask 077"), registry.Image, Token);

        Assert.Equal(first.Digest, second.Digest);
    }

    [Fact]
    public async Task With_REPRODUCIBLE_off_the_commit_is_in_the_app_again()
    {
        SampleApps.Web(_temp, "origin");
        _temp.Write("origin/.gitignore", "bin/\nobj/\n");
        var origin = _temp.Folder("origin");
        await ShellAsync("git init -q -b main . && git add -A && git commit -qm one", origin);

        var app = await PublishCloneAsync(origin, "clone", "true", reproducible: false);

        var commit = (await ShellAsync("git rev-parse HEAD", origin))[0];
        var library = await File.ReadAllTextAsync(Path.Combine(app.Folder, "Web.dll"), System.Text.Encoding.Latin1, Token);
        Assert.Contains(commit, library, StringComparison.Ordinal);
        Assert.Contains(app.Facts.Labels, label => label.Key == "org.opencontainers.image.created");
    }

    // As Bitbucket clones: with its own address as the remote, which is what the SDK's source link looks at.
    private async Task<PublishedApp> PublishCloneAsync(string origin, string name, string umask, bool reproducible = true)
    {
        await ShellAsync($"{umask}; git clone -q '{origin}' '{name}' && cd '{name}' && git remote set-url origin https://bitbucket.org/team/shop.git", _temp.Path);
        var source = new ImageSource.Project(Path.Combine(_temp.Path, name, "Web/Web.csproj")) { Reproducible = reproducible };
        return await Sdk.PublishAsync(_temp, source, Token);
    }

    private static async Task<IReadOnlyList<string>> ShellAsync(string script, string directory)
    {
        var environment = new Dictionary<string, string>(Sdk.Environment)
        {
            ["GIT_AUTHOR_NAME"] = "t",
            ["GIT_AUTHOR_EMAIL"] = "t@example.org",
            ["GIT_COMMITTER_NAME"] = "t",
            ["GIT_COMMITTER_EMAIL"] = "t@example.org",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        };
        var result = await new ProcessRunner(TimeProvider.System).RunSuccessfullyAsync(
            new Command { Program = "sh", Arguments = ["-c", script], WorkingDirectory = directory, Environment = environment }, Token);
        return result.LastLines;
    }
}
