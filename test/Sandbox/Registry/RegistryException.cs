namespace Sandbox.Registry;

/// <summary>An error of the distribution protocol: status, code and message as ECR's <c>/v2/</c> answers them.</summary>
internal sealed class RegistryException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;
}
