using EcsDeploy.Processes;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>Runs programs that nobody here wrote, with nothing of this machine's environment but the way to them; test/run.sh installs them.</summary>
internal static class Outside
{
    public const string Skopeo = "/usr/bin/skopeo";
    public const string Tar = "/usr/bin/tar";
    public const string Compiler = "/usr/bin/gcc";

    /// <summary>What it wrote; fails the test when the program fails.</summary>
    public static Task<string> RunAsync(string program, string folder, params IReadOnlyList<string> arguments) => RunAsync("", program, folder, arguments);

    /// <param name="input">Goes to its standard input.</param>
    /// <param name="program">A full path: a shim of the same name may stand earlier in PATH.</param>
    /// <param name="folder">HOME and working directory.</param>
    /// <param name="arguments">Of the program.</param>
    public static async Task<string> RunAsync(string input, string program, string folder, IReadOnlyList<string> arguments)
    {
        Need(program);
        var lines = new List<string>();
        var command = new Command
        {
            Program = program,
            Arguments = arguments,
            WorkingDirectory = folder,
            Input = input,
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ["HOME"] = folder, ["LANG"] = "C.UTF-8" },
            OnLine = line => lines.Add(line.Text),
        };
        var result = await new ProcessRunner(TimeProvider.System).RunAsync(command, TestContext.Current.CancellationToken);
        var text = string.Join('\n', lines);
        Assert.True(result.Succeeded, $"{command} ended with {result.ExitCode}:\n{text}");
        return text;
    }

    public static void Need(string program) => Assert.SkipUnless(File.Exists(program), $"{program} is not installed; test/run.sh installs it.");
}
