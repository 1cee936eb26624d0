namespace EcsDeploy.Docker;

/// <summary>Docker is not there, or did not build what was asked.</summary>
internal sealed class DockerException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.Build;
}
