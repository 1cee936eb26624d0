using EcsDeploy.Images;
using EcsDeploy.Processes;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>What is told of a build that failed.</summary>
public sealed class BuildOutputTests
{
    private const string Clone = "/opt/atlassian/pipelines/agent/build";

    [Theory]
    [InlineData(Clone + "/src/Web/Program.cs(3,1): error CS1002: ; expected [" + Clone + "/src/Web/Web.csproj]", "src/Web/Program.cs(3,1): error CS1002: ; expected")]
    [InlineData(Clone + "/Web.csproj : error NU1101: Unable to find package X. [" + Clone + "/Web.csproj]", "Web.csproj: error NU1101: Unable to find package X.")]
    [InlineData(PublishHook.ProjectFolder + "Pages/A.cshtml(3,10): error RZ1027: An opening \"(\" is missing [" + Clone + "/src/Web/Web.csproj]", "src/Web/Pages/A.cshtml(3,10): error RZ1027: An opening \"(\" is missing")]
    [InlineData("MSBUILD : error MSB1009: Project file does not exist.", "error MSB1009: Project file does not exist.")]
    [InlineData("CSC : error CS5001: Program does not contain a static 'Main' method [/x.csproj]", "error CS5001: Program does not contain a static 'Main' method")]
    [InlineData("/usr/share/dotnet/sdk/x.targets(90,5): error NETSDK1045: The current SDK does not support it. [/x.csproj]", "/usr/share/dotnet/sdk/x.targets(90,5): error NETSDK1045: The current SDK does not support it.")]
    [InlineData(Clone + "/Web.csproj : error NU1102:   - Found 11 version(s) in nuget.org [ Nearest version: 4.4.0 ]", "Web.csproj: error NU1102:   - Found 11 version(s) in nuget.org [ Nearest version: 4.4.0 ]")]
    [InlineData(Clone + "/Web.csproj : error NU1102:   - Found 11 version(s) in nuget.org [ Nearest version: 4.4.0 ] [" + Clone + "/Web.csproj]", "Web.csproj: error NU1102:   - Found 11 version(s) in nuget.org [ Nearest version: 4.4.0 ]")]
    [InlineData("A.cs(1,1): error CS0029: Cannot convert type 'int' to 'int[]' [Web.csproj::TargetFramework=net10.0]", "A.cs(1,1): error CS0029: Cannot convert type 'int' to 'int[]'")]
    public void An_error_is_readable_without_the_build_machines_paths(string line, string expected)
    {
        var output = new BuildOutput(Clone);

        output.Read(line);
        output.Read("  " + line);

        Assert.Equal([expected], output.Errors);
    }

    [Theory]
    [InlineData("  web -> /x/web.dll")]
    [InlineData("  Determining projects to restore...")]
    [InlineData("an error is a word in a sentence")]
    [InlineData("")]
    public void Other_lines_are_no_errors(string line)
    {
        var output = new BuildOutput(Clone);

        output.Read(line);

        Assert.Empty(output.Errors);
        Assert.Equal(0, output.Warnings);
    }

    [Fact]
    public void Warnings_are_counted_once()
    {
        var output = new BuildOutput(Clone);
        output.Read("/a/b.cs(1,2): warning CS0168: unused [/a.csproj]");
        output.Read("/a/b.cs(1,2): warning CS0168: unused [/b.csproj]");

        Assert.Equal(1, output.Warnings);
    }

    [Fact]
    public void Files_of_one_name_in_two_projects_are_two()
    {
        var output = new BuildOutput(Clone);
        output.Read($"{PublishHook.ProjectFolder}Pages/A.cshtml(1,2): error CS0103: The name 'x' does not exist [{Clone}/Shop/Shop.csproj]");
        output.Read($"{PublishHook.ProjectFolder}Pages/A.cshtml(1,2): error CS0103: The name 'x' does not exist [{Clone}/Desk/Desk.csproj::TargetFramework=net10.0]");

        Assert.Equal(["Shop", "Desk"], output.Errors.Select(error => error.Split('/')[0]));
    }

    [Fact]
    public void Too_many_errors_are_counted()
    {
        var output = new BuildOutput(Clone);
        foreach (var line in Enumerable.Range(1, 60))
        {
            output.Read($"{Clone}/A.cs({line},1): error CS1002: ; expected [{Clone}/A.csproj]");
        }

        var error = BuildFailure.Of("A.csproj", "Release", new ProcessResult(1, []), output);

        Assert.Contains("A.cs(50,1)", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("and 10 more", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(137, "", "BUILD_MEMORY")]
    [InlineData(1, "System.OutOfMemoryException: …", "BUILD_MEMORY")]
    [InlineData(145, "No .NET SDKs were found.", "dotnet publish")]
    [InlineData(145, "Requested SDK version: 9.0.307", "sdk:9.0.307")]
    [InlineData(3, "something else", "exit code 3:\nsomething else")]
    public void A_failure_without_compiler_errors_says_what_to_do(int exitCode, string end, string told)
    {
        var error = BuildFailure.Of("src/Web.csproj", "Release", new ProcessResult(exitCode, [end]), new BuildOutput(Clone));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }
}
