using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Sandbox.Tests.Judges;

/// <summary>The .NET SDK builds a web app upon an image of the registry and pushes the result there.</summary>
public sealed class PublishJudgeTests : IDisposable
{
    private readonly Judge _judge = new(Judge.Skopeo, Judge.Aws, Judge.DockerRegistry, Judge.Htpasswd);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _judge.Dispose();

    [Theory]
    [InlineData(JudgedRegistry.Sandbox)]
    [InlineData(JudgedRegistry.Control)]
    public async Task The_SDK_publishes_a_container_that_can_be_copied_out_again(string which)
    {
        await using var registry = await JudgedRegistry.StartAsync(which, _judge, Token);
        var layout = new ImageLayout(_judge.PathOf("base"));
        layout.Add("1", 10_000, 20_000);
        await SkopeoAsync(registry, "copy", "--dest-tls-verify=false", $"oci:{layout.Folder}:1", $"docker://{registry.Host}/base:1");
        WriteApp();
        await using var tunnel = new BrokenTunnel();

        var published = await Child.RunAsync(Publish(registry, tunnel), Token);
        Assert.True(published.Code == 0, $"{published}");
        await SkopeoAsync(registry, "copy", "--src-tls-verify=false", $"docker://{registry.Host}/shop:published", $"oci:{_judge.PathOf("out")}:1");
        var image = JsonNode.Parse(await SkopeoAsync(registry, "inspect", "--tls-verify=false", "--config", $"docker://{registry.Host}/shop:published"))!;

        Assert.Equal(["dotnet", "/app/judged.dll"], image["config"]!["Entrypoint"]!.AsArray().Select(part => (string?)part));
        Assert.Equal(3, image["rootfs"]!["diff_ids"]!.AsArray().Count);
    }

    private void WriteApp()
    {
        _judge.Write(
            "app/judged.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
            </Project>
            """);
        _judge.Write("app/Program.cs", """Microsoft.AspNetCore.Builder.WebApplication.Create(args).Run();""");
        // The app needs no package, and a judge needs no feed.
        _judge.Write("app/nuget.config", """<configuration><packageSources><clear /></packageSources></configuration>""");
    }

    private ProcessStartInfo Publish(JudgedRegistry registry, BrokenTunnel tunnel)
    {
        _judge.Write(".docker/config.json", registry.LogIn());
        var command = _judge.Command(
            Dotnet(),
            "publish", _judge.PathOf("app/judged.csproj"), "-c", "Release", "-t:PublishContainer", "--nologo", "-nodeReuse:false", "-maxCpuCount:1",
            "-p:UseSharedCompilation=false", $"-p:ContainerBaseImage={registry.Name}/base:1", $"-p:ContainerRegistry={registry.Name}",
            "-p:ContainerRepository=shop", "-p:ContainerImageTag=published");
        command.Environment["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Name;
        // ECR's name leads nowhere here: the sandbox is reached as a proxy to itself.
        command.Environment["HTTP_PROXY"] = $"http://{registry.Host}";
        command.Environment["HTTPS_PROXY"] = tunnel.Address;
        command.Environment["NO_PROXY"] = "127.0.0.1";
        command.Environment["DOTNET_CLI_HOME"] = _judge.Home;
        command.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        command.Environment["DOTNET_NOLOGO"] = "1";
        command.Environment["NUGET_PACKAGES"] = _judge.PathOf("packages");
        return command;
    }

    /// <summary>The SDK that runs these tests: the one on the PATH.</summary>
    private static string Dotnet() => Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);

    private async Task<string> SkopeoAsync(JudgedRegistry registry, string verb, params string[] arguments) =>
        (await Child.RunAsync(registry.Skopeo(_judge, verb, arguments), Token)).Succeeded;
}
