namespace EcsDeploy.Images;

/// <summary>The app could not be published, or what was published cannot become an image.</summary>
internal sealed class BuildException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => IsOfSettings ? ExitCode.Settings : ExitCode.Build;

    /// <summary>Nothing was tried: what a variable names is not there, or is not what it has to be.</summary>
    public bool IsOfSettings { get; private init; }

    public static BuildException OfSettings(string message, Exception? inner = null) => new(message, inner) { IsOfSettings = true };
}
