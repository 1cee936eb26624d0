using EcsDeploy;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Proxy and authorities reach the programs that build, wherever they were given.</summary>
public sealed class ChildNetworkTests : IDisposable
{
    private const UnixFileMode Program = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _probe = Directory.CreateTempSubdirectory("child-network-").FullName;

    public void Dispose() => Directory.Delete(_probe, recursive: true);

    [Theory]
    [InlineData("dotnet", "PROJECT", "Web.csproj")]
    [InlineData("docker", "IMAGE_NAME", "shop:latest")]
    public async Task What_the_context_says_and_a_bundle_of_the_clone_are_known_to(string program, string source, string value)
    {
        await using var run = await PipeRun.StartAsync(options: plain => plain with { Tls = true });
        var pem = await File.ReadAllTextAsync(run.Sandbox.CaBundlePath!, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(run.Clone, "ca.pem"), pem, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(run.Clone, "Web.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />", TestContext.Current.CancellationToken);
        var path = Path.Combine(_probe, program);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\nenv > {_probe}/env\ncp \"$SSL_CERT_FILE\" {_probe}/authorities.pem\nexit 1\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(path, Program);

        var exit = await run.DeployAsync(
            ("PUBLISH_DIR", null), ("BASE_IMAGE", null), (source, value), ("PATH", $"{_probe}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("CONTEXT_HTTPS_PROXY", "me:hunter2-hunter2@proxy.example:3128"), ("CONTEXT_NO_PROXY", "inside.example"), ("CONTEXT_CA_BUNDLE", "ca.pem"), ("DEBUG", "true"));

        Assert.Equal(ExitCode.Build, exit);
        var seen = await File.ReadAllLinesAsync(Path.Combine(_probe, "env"), TestContext.Current.CancellationToken);
        foreach (var expected in new[] { "HTTPS_PROXY=http://me:hunter2-hunter2@proxy.example:3128", "https_proxy=http://me:hunter2-hunter2@proxy.example:3128", "NO_PROXY=inside.example", "no_proxy=inside.example" })
        {
            Assert.Contains(expected, seen);
        }

        Assert.Contains(pem.Trim(), await File.ReadAllTextAsync(Path.Combine(_probe, "authorities.pem"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Log, StringComparison.Ordinal);
    }
}
