namespace EcsDeploy.Deployment;

/// <summary>A guard said no; nothing was changed.</summary>
internal sealed class RefusedException(string message) : PipeException(message)
{
    public override ExitCode ExitCode => ExitCode.Refused;
}
