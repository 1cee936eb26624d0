namespace EcsDeploy.Delivery;

/// <summary>The image that was named is not in the repository.</summary>
internal sealed class ImageNotFoundException(string message) : PipeException(message)
{
    public override ExitCode ExitCode => ExitCode.Settings;
}
