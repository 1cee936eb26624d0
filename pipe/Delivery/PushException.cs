namespace EcsDeploy.Delivery;

/// <summary>The image could not be brought into the repository, or may not.</summary>
internal sealed class PushException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => IsOfAccess ? ExitCode.Access : ExitCode.Push;

    /// <summary>A registry said that the identity or the login may not.</summary>
    public bool IsOfAccess { get; private init; }

    public static PushException OfAccess(string message, Exception inner) => new(message, inner) { IsOfAccess = true };
}
