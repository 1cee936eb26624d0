namespace EcsDeploy;

/// <summary>A failure that the user can act on: its message is the whole report, without a stack trace.</summary>
internal abstract class PipeException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the step ends with.</summary>
    public abstract ExitCode ExitCode { get; }
}
