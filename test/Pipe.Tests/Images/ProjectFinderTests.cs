using EcsDeploy;
using EcsDeploy.Images;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>Which project is published.</summary>
public sealed class ProjectFinderTests : IDisposable
{
    private const string Web = """<Project Sdk="Microsoft.NET.Sdk.Web" />""";
    private const string Library = """<Project Sdk="Microsoft.NET.Sdk" />""";

    private readonly TempFolder _clone = new();

    public void Dispose() => _clone.Dispose();

    [Theory]
    [InlineData(Web)]
    [InlineData("""<Project><Import Project="Sdk.props" Sdk='Microsoft.NET.Sdk.Web' /></Project>""")]
    [InlineData("""<Project><Sdk Name="Microsoft.NET.Sdk.Web" /></Project>""")]
    [InlineData("""<Project Sdk="Microsoft.NET.Sdk.Web/10.0.100" />""")]
    [InlineData("""<Project Sdk="Microsoft.NET.Sdk.Web;Other" />""")]
    public void The_only_web_project_is_found(string text)
    {
        var web = _clone.Write("src/Web/Web.csproj", text);
        _clone.Write("src/Lib/Lib.csproj", Library);
        _clone.Write("src/Web/obj/Copy.csproj", Web);
        _clone.Write(".cache/Cached.csproj", Web);
        _clone.Write("test/Web.Tests.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web"><PackageReference Include="xunit.v3" /></Project>""");

        Assert.Equal(web, ProjectFinder.Find(_clone.Path, project: null));
    }

    [Fact]
    public void Several_web_projects_are_named()
    {
        _clone.Write("b/B.fsproj", Web);
        _clone.Write("a/A.csproj", Web);

        Assert.Equal("The clone has 2 web projects. Set PROJECT to the one to deploy: a/A.csproj, b/B.fsproj.", Refusal(null));
    }

    [Fact]
    public void Without_a_web_project_the_others_are_named()
    {
        _clone.Write("Worker.csproj", """<Project Sdk="Microsoft.NET.Sdk.Worker" />""");

        Assert.Contains("Set PROJECT to the one to deploy: Worker.csproj", Refusal(null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clone_without_projects_is_told_the_other_ways() => Assert.Contains("DOCKERFILE", Refusal(null), StringComparison.Ordinal);

    [Fact]
    public void A_link_that_leads_round_in_the_clone_does_not_loop()
    {
        var web = _clone.Write("src/Web.csproj", Web);
        Directory.CreateSymbolicLink(Path.Combine(_clone.Path, "src", "round"), "..");

        Assert.Equal(web, ProjectFinder.Find(_clone.Path, project: null));
    }

    [Theory]
    [InlineData("src/Worker")]
    [InlineData("src/Worker/")]
    [InlineData("./src/Worker/Worker.csproj")]
    [InlineData("gone/../src/Worker")]
    public void The_project_that_is_named_is_taken_whatever_it_is(string project)
    {
        var worker = _clone.Write("src/Worker/Worker.csproj", Library);

        Assert.Equal(worker, ProjectFinder.Find(_clone.Path, project));
    }

    [Theory]
    [InlineData("gone", "neither a file nor a folder")]
    [InlineData("two", "A.csproj, B.csproj")]
    [InlineData("none", "no project file")]
    [InlineData("All.slnx", "one project")]
    [InlineData("..", "outside the clone")]
    [InlineData("/usr", "outside the clone")]
    [InlineData("two/../../elsewhere/A.csproj", "outside the clone")]
    public void A_wrong_name_is_answered_with_what_is_there(string project, string answer)
    {
        _clone.Write("two/A.csproj", Web);
        _clone.Write("two/B.csproj", Web);
        _clone.Folder("none");
        _clone.Write("All.slnx", "");

        Assert.Contains(answer, Refusal(project), StringComparison.Ordinal);
    }

    private string Refusal(string? project)
    {
        var error = Assert.Throws<BuildException>(() => ProjectFinder.Find(_clone.Path, project));
        Assert.Equal(ExitCode.Settings, error.ExitCode);
        return error.Message;
    }
}
