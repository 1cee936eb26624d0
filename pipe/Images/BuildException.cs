namespace EcsDeploy.Images;

/// <summary>The app could not be published, or what was published cannot become an image.</summary>
internal sealed class BuildException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.Build;
}
