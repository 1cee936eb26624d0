namespace EcsDeploy.Oci;

/// <summary>A manifest, an index or a configuration that cannot be read as what it says it is.</summary>
internal sealed class DocumentException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.Push;
}
