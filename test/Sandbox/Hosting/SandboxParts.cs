using Sandbox.Authorization;
using Sandbox.Signatures;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Hosting;

/// <summary>What every part of one sandbox shares.</summary>
internal sealed class SandboxParts(SandboxOptions options, string dataDirectory)
{
    public SandboxOptions Options { get; } = options;

    public World World => Options.World;

    public TimeProvider Clock => Options.Clock;

    /// <summary>Blobs and certificates lie here.</summary>
    public string DataDirectory { get; } = dataDirectory;

    public CredentialStore Credentials { get; } = new(options.World);

    public Authorizer Authorizer { get; } = new(options.World, options.Clock);

    public RequestLog Log { get; } = new();
}
