using EcsDeploy.Images;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>Which file goes into which layer.</summary>
public sealed class LayerPlanTests : IDisposable
{
    private const string Dependencies = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0/linux-x64" },
          "targets": { ".NETCoreApp,Version=v10.0": {}, ".NETCoreApp,Version=v10.0/linux-x64": {
            "web/1.0.0": { "runtime": { "web.dll": {} } },
            "lib/1.0.0": { "runtime": { "lib.dll": {} } },
            "Pkg/2.0.0": {
              "runtime": { "lib/net8.0/Pkg.dll": {} },
              "resources": { "lib/net8.0/de/Pkg.resources.dll": { "locale": "de" } },
              "runtimeTargets": { "runtimes/win-x64/native/pkg.dll": {}, "runtimes/linux-x64/native/libpkg.so": {} },
              "native": { "runtimes/linux-x64/native/libflat.so": {}, "tools/odd.bin": { "localPath": "odd/odd.bin" } } },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": { "runtime": { "System.Runtime.dll": {} }, "native": { "libcoreclr.so": {} } }
          } },
          "libraries": {
            "web/1.0.0": { "type": "project" }, "lib/1.0.0": { "type": "project" }, "Pkg/2.0.0": { "type": "package" },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": { "type": "runtimepack" } }
        }
        """;

    private static readonly string[] Published = ["web.dll", "wwwroot/a.js", "System.Runtime.dll"];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("System.Runtime.dll", "Runtime")]
    [InlineData("libcoreclr.so", "Runtime")]
    [InlineData("Pkg.dll", "Packages")]
    [InlineData("de/Pkg.resources.dll", "Packages")]
    [InlineData("runtimes/linux-x64/native/libpkg.so", "Packages")]
    [InlineData("libflat.so", "Packages")]
    [InlineData("odd/odd.bin", "Packages")]
    [InlineData("BlazorDebugProxy/Newtonsoft.Json.dll", "Packages")]
    [InlineData("wwwroot/Pkg.dll", "Static")]
    [InlineData("wwwroot/css/site.css", "Static")]
    [InlineData("web", "Runtime")]
    [InlineData("web.dll", "App")]
    [InlineData("lib.dll", "App")]
    [InlineData("appsettings.json", "App")]
    [InlineData("fr/Pkg.dll", "App")]
    public void A_file_lies_with_those_that_change_as_often(string path, string kind)
    {
        _temp.Write("web.deps.json", Dependencies);

        var dependencies = DependencyFile.Read(_temp.Path);

        Assert.Equal(kind, dependencies.KindOf(path).ToString());
        Assert.Equal("linux-x64", dependencies.RuntimeIdentifier);
    }

    [Fact]
    public void Layers_lie_least_changing_first_and_none_is_empty()
    {
        _temp.Write("web.deps.json", Dependencies);
        PublishedFile[] files = [.. Published.Select(path => new PublishedFile(path, path)), new PublishedFile("data/", "") { IsFolder = true }];

        var layers = LayerPlan.Of(files, "/app/", DependencyFile.Read(_temp.Path).KindOf);

        Assert.Equal(["Runtime: System.Runtime.dll", "Static: wwwroot/a.js", "App: web.dll data/"],
            layers.Select(layer => $"{layer.Kind}: {string.Join(' ', layer.Files.Select(file => file.Path))}"));
    }

    [Theory]
    [InlineData("package", "Packages")]
    [InlineData("project", "App")]
    public void The_program_that_starts_the_app_lies_with_the_packages_where_there_are_any(string type, string kind)
    {
        _temp.Write("web.deps.json", """
            {"runtimeTarget":{"name":".NETCoreApp,Version=v10.0"},
             "targets":{".NETCoreApp,Version=v10.0":{"web/1.0.0":{"runtime":{"web.dll":{}}},"Other/1.0.0":{"runtime":{"lib/Other.dll":{}}}}},
             "libraries":{"web/1.0.0":{"type":"project"},"Other/1.0.0":{"type":"TYPE"}}}
            """.Replace("TYPE", type, StringComparison.Ordinal));

        var dependencies = DependencyFile.Read(_temp.Path);

        Assert.Equal((kind, "App"), (dependencies.KindOf("web").ToString(), dependencies.KindOf("web.dll").ToString()));
    }

    [Fact]
    public void An_app_without_a_list_of_dependencies_is_one_layer()
    {
        var dependencies = DependencyFile.Read(_temp.Path);

        Assert.Null(dependencies.RuntimeIdentifier);
        Assert.Equal(LayerKind.App, dependencies.KindOf("Pkg.dll"));
    }
}
