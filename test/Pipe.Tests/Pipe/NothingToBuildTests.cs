using EcsDeploy;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Sources that give no image: the step ends with 2 where what was named is not there, with 4 where it does not build, and nothing was changed.</summary>
public sealed class NothingToBuildTests
{
    private const string WebProject = """
        <Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
        """;

    [Fact]
    public async Task A_published_folder_that_is_not_there()
    {
        await using var run = await PipeRun.StartAsync();

        Assert.Equal(ExitCode.Settings, await run.DeployAsync(("PUBLISH_DIR", "publisht")));
        run.AssertRefused("PUBLISH_DIR", "publisht");
    }

    [Fact]
    public async Task A_published_folder_that_is_empty()
    {
        await using var run = await PipeRun.StartAsync();
        Directory.CreateDirectory(Path.Combine(run.Clone, "empty"));

        Assert.Equal(ExitCode.Build, await run.DeployAsync(("PUBLISH_DIR", "empty")));
        run.AssertRefused("empty");
    }

    [Fact]
    public async Task A_published_folder_without_an_app()
    {
        await using var run = await PipeRun.StartAsync();
        File.Delete(Path.Combine(run.Clone, "published", "Shop.Web.runtimeconfig.json"));

        Assert.Equal(ExitCode.Build, await run.DeployAsync());
        run.AssertRefused("published", "runtimeconfig.json");
    }

    [Fact]
    public async Task A_clone_without_a_project()
    {
        await using var run = await PipeRun.StartAsync();

        Assert.Equal(ExitCode.Settings, await run.DeployAsync(("PUBLISH_DIR", null)));
        run.AssertRefused("PROJECT");
    }

    [Fact]
    public async Task A_clone_with_two_web_projects()
    {
        await using var run = await PipeRun.StartAsync();
        Write(run, "Shop/Shop.csproj", WebProject);
        Write(run, "Admin/Admin.csproj", WebProject);

        Assert.Equal(ExitCode.Settings, await run.DeployAsync(("PUBLISH_DIR", null)));
        run.AssertRefused("Shop/Shop.csproj", "Admin/Admin.csproj", "PROJECT");
    }

    [Fact]
    public async Task A_project_that_does_not_compile()
    {
        await using var run = await PipeRun.StartAsync();
        Write(run, "Shop/Shop.csproj", WebProject);
        Write(run, "Shop/Program.cs", "this is no C#");

        Assert.Equal(ExitCode.Build, await run.DeployAsync(("PUBLISH_DIR", null)));
        run.AssertRefused("Program.cs(1", "error CS");
        Assert.Equal(run.Log.IndexOf("error CS1002", StringComparison.Ordinal), run.Log.LastIndexOf("error CS1002", StringComparison.Ordinal));
    }

    private static void Write(PipeRun run, string name, string text)
    {
        var path = Path.Combine(run.Clone, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
