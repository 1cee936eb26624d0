using EcsDeploy;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>What a run keeps beside the clone for its own time.</summary>
public sealed class TemporaryFilesTests : IDisposable
{
    private readonly string _programs = Directory.CreateTempSubdirectory("temporary-files-").FullName;

    public void Dispose() => Directory.Delete(_programs, recursive: true);

    // .NET cannot delete a file whose name is no UTF-8.
    [Fact]
    public async Task A_temporary_file_of_the_builds_that_cannot_be_removed_changes_no_exit_code()
    {
        await using var run = await PipeRun.StartAsync();
        var kept = Path.Combine(_programs, "kept");
        var dotnet = Path.Combine(_programs, "dotnet");
        await File.WriteAllTextAsync(dotnet, $"#!/bin/sh\necho \"$TMPDIR\" > {kept}\ntouch \"$TMPDIR/$(printf '\\377')\"\nexit 1\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(run.Clone, "Web.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />", TestContext.Current.CancellationToken);

        var exit = await run.DeployAsync(("PUBLISH_DIR", null), ("PROJECT", "Web.csproj"), ("PATH", $"{_programs}:{Environment.GetEnvironmentVariable("PATH")}"), ("DEBUG", "true"));

        Assert.Equal(ExitCode.Build, exit);
        Assert.Contains("could not be removed", run.Log, StringComparison.Ordinal);
        using var remove = System.Diagnostics.Process.Start("rm", ["-r", Path.GetDirectoryName((await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken)).Trim())!]);
        await remove.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
