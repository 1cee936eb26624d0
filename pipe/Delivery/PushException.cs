namespace EcsDeploy.Delivery;

/// <summary>The image could not be brought into the repository, or may not.</summary>
internal sealed class PushException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.Push;
}
