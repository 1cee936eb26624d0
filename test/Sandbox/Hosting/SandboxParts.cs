using System.Security.Cryptography.X509Certificates;
using Sandbox.Authorization;
using Sandbox.Bitbucket;
using Sandbox.Ecr;
using Sandbox.Ecs;
using Sandbox.Signatures;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Hosting;

/// <summary>What every part of one sandbox shares.</summary>
internal sealed class SandboxParts : IDisposable
{
    public SandboxParts(SandboxOptions options, string dataDirectory)
    {
        (Options, DataDirectory) = (options, dataDirectory);
        Tls = options.Tls ? TlsAuthority.Create(options.World, CaBundlePath) : null;
        Credentials = new CredentialStore(options.World);
        Issuer = new OidcIssuer(options.World.Workspace, options.Clock);
        Authorizer = new Authorizer(options.World, options.Clock);
        Ecr = new EcrParts(Authorizer, options.World, options.Clock, dataDirectory);
        Ecr.Registries.Habits.PageSize = options.PageSize;
        Ecs = new EcsService(options.Clock, Authorizer, Ecr.Pull, options.Ecs with { PageLimit = options.PageSize ?? options.Ecs.PageLimit });
        Ecs.Plant(options.World);
        Array.ForEach([.. options.World.Faults], options.Faults.Add);
    }

    public SandboxOptions Options { get; }

    public World World => Options.World;

    public TimeProvider Clock => Options.Clock;

    /// <summary>Blobs and certificates lie here.</summary>
    public string DataDirectory { get; }

    public string CaBundlePath => Path.Combine(DataDirectory, "ca.pem");

    /// <summary>The certificate for HTTPS; null when the options did not ask for it.</summary>
    public X509Certificate2? Tls { get; }

    public CredentialStore Credentials { get; }

    public OidcIssuer Issuer { get; }

    public Authorizer Authorizer { get; }

    public EcrParts Ecr { get; }

    public EcsService Ecs { get; }

    public CodeInsights Insights { get; } = new();

    public RequestLog Log { get; } = new();

    public void Dispose()
    {
        Ecs.Dispose();
        Tls?.Dispose();
    }
}
