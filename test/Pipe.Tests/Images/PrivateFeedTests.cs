using System.IO.Compression;
using System.Text;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Processes;
using EcsDeploy.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>Packages from a team's own feed: its password comes through a variable, the packages stay in the clone for the next step.</summary>
public sealed class PrivateFeedTests : IAsyncLifetime
{
    private readonly TempFolder _clone = new();
    private WebApplication _feed = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _feed = builder.Build();
        _feed.Run(AnswerAsync);
        await _feed.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        _clone.Dispose();
    }

    [Fact]
    public async Task A_password_in_a_variable_opens_the_feed_and_packages_stay_in_the_clone()
    {
        var app = await PublishAsync("right");

        Assert.Equal(["ZstdSharp.dll", "app"], app.Layers[0].Files.Select(file => file.Path));
        Assert.True(Directory.Exists(Path.Combine(_clone.Path, ".nuget/packages/team.library/1.0.0")));
    }

    [Fact]
    public async Task A_wrong_password_is_answered_with_what_the_feed_said()
    {
        var error = await Assert.ThrowsAsync<BuildException>(() => PublishAsync("wrong"));

        Assert.Contains("401", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", error.Message, StringComparison.Ordinal);
    }

    private async Task<PublishedApp> PublishAsync(string password)
    {
        var project = SampleApps.Console(_clone, "app", """<ItemGroup><PackageReference Include="Team.Library" Version="1.0.0" /></ItemGroup>""");
        _clone.Write("NuGet.config", $"""
            <configuration>
              <packageSources><clear /><add key="team" value="{_feed.Urls.First()}/index.json" protocolVersion="3" allowInsecureConnections="true" /></packageSources>
              <packageSourceCredentials><team><add key="Username" value="pipe" /><add key="ClearTextPassword" value="%FEED_PASSWORD%" /></team></packageSourceCredentials>
            </configuration>
            """);
        var environment = new Dictionary<string, string>(Sdk.Environment) { ["FEED_PASSWORD"] = password };
        environment.Remove("NUGET_PACKAGES");
        var site = new BuildSite
        {
            CloneDirectory = _clone.Path,
            WorkDirectory = _clone.Folder(".work"),
            PackageDirectory = Path.Combine(_clone.Path, ".nuget/packages"),
            Environment = environment,
        };
        using var publisher = new AppPublisher(new ProcessRunner(TimeProvider.System), site, Logger.None);
        return await publisher.Start(new ImageSource.Project(project), Platform.Amd64, Token).App;
    }

    // The least of NuGet's protocol, version 3, behind a Basic login.
    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String("pipe:right"u8))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"team\"";
            return;
        }

        var answer = context.Request.Path.Value switch
        {
            "/index.json" => Encoding.UTF8.GetBytes($$"""{"version":"3.0.0","resources":[{"@id":"{{_feed.Urls.First()}}/flat/","@type":"PackageBaseAddress/3.0.0"}]}"""),
            "/flat/team.library/index.json" => """{"versions":["1.0.0"]}"""u8.ToArray(),
            "/flat/team.library/1.0.0/team.library.1.0.0.nupkg" => Package(),
            _ => null,
        };
        if (answer is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static byte[] Package()
    {
        using var stream = new MemoryStream();
        using (var package = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            using (var specification = new StreamWriter(package.CreateEntry("Team.Library.nuspec").Open()))
            {
                specification.Write("""
                    <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
                    <id>Team.Library</id><version>1.0.0</version><authors>team</authors><description>ours</description>
                    </metadata></package>
                    """);
            }

            package.CreateEntryFromFile(Path.Combine(AppContext.BaseDirectory, "ZstdSharp.dll"), "lib/net10.0/ZstdSharp.dll");
        }

        return stream.ToArray();
    }
}
