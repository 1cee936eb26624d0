using System.Diagnostics;
using Pipe.Tests.House;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>The pipe as a program: the native one that test/run.sh publishes, or the managed one that every build makes.</summary>
internal sealed class PipeProgram
{
    private readonly string _file;
    private readonly string[] _arguments;

    private PipeProgram(string file, params string[] arguments) => (_file, _arguments) = (file, arguments);

    /// <summary>Null until it was published.</summary>
    public static PipeProgram? Native { get; } =
        Path.Combine(SourceTree.Root, "artifacts", "native", "dotnet-ecs-deploy") is var path && File.Exists(path) ? new PipeProgram(path) : null;

    public static PipeProgram Managed { get; } = new("dotnet", Path.Combine(AppContext.BaseDirectory, "dotnet-ecs-deploy.dll"));

    public static PipeProgram OfKind(bool native)
    {
        Assert.SkipWhen(native && Native is null, "The native program is not published: test/run.sh does it.");
        return native ? Native! : Managed;
    }

    /// <summary>A step's container: these variables and no others.</summary>
    public Process Start(string folder, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(_file, _arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>From its start to its end, however that comes.</summary>
    public static async Task<ProgramEnd> EndAsync(Process process, CancellationToken token)
    {
        using (process)
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(token), process.StandardError.ReadToEndAsync(token));
            await process.WaitForExitAsync(token);
            var end = new ProgramEnd(process.ExitCode, await output, await errors);
            TestContext.Current.TestOutputHelper?.WriteLine(end.Output + end.Errors);
            return end;
        }
    }
}

/// <param name="Code">128 and the signal's number for a program that was killed.</param>
/// <param name="Output">Standard output, whole.</param>
/// <param name="Errors">Standard error, whole.</param>
internal sealed record ProgramEnd(int Code, string Output, string Errors);
