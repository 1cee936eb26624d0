namespace EcsDeploy.Docker;

/// <summary>Docker is not there, or did not build what was asked.</summary>
internal sealed class DockerException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => IsOfSettings ? ExitCode.Settings : ExitCode.Build;

    /// <summary>Nothing was tried: what a variable names is not there.</summary>
    public bool IsOfSettings { get; private init; }

    public static DockerException OfSettings(string message) => new(message) { IsOfSettings = true };
}
