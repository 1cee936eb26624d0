namespace EcsDeploy.Processes;

/// <summary>A child program that could not be started, or that failed where nobody expects it to.</summary>
internal sealed class ProcessException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.Build;

    /// <summary>The program is not on this machine at all.</summary>
    public bool IsMissing { get; init; }

    public static ProcessException Failed(Command command, ProcessResult result) =>
        new($"'{command}' ended with exit code {result.ExitCode}:\n{string.Join('\n', result.LastLines)}");
}
