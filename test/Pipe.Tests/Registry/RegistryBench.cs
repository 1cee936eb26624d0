using EcsDeploy.Names;
using EcsDeploy.Oci;
using EcsDeploy.Registry;
using EcsDeploy.Settings;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Registry;

/// <summary>A scripted registry with a client before it.</summary>
internal sealed class RegistryBench : IAsyncDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public ScriptedRegistry Registry { get; private init; } = null!;

    /// <summary>The clock of the pauses between tries.</summary>
    public InstantTime Pauses { get; } = new();

    /// <summary>The clock that stalled transfers are measured on.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static async Task<RegistryBench> StartAsync(TimeProvider? time = null) =>
        new() { Registry = await ScriptedRegistry.StartAsync(), Time = time ?? TimeProvider.System };

    public static BlobSource Blob(byte[] content) => BlobSource.Of(DescriptorOf(content), content);

    public static Descriptor DescriptorOf(byte[] content) =>
        new() { MediaType = MediaTypes.OciLayerGzip, Digest = Digest.Of(content), Size = content.Length };

    public RegistryClient Client(RegistryLogin? login = null) => Client(RegistryEndpoint.Of(Registry.Host), login);

    public RegistryClient Client(RegistryEndpoint endpoint, RegistryLogin? login = null) =>
        Client(endpoint, new ChallengeAuthorization(_http, endpoint, "shop", login, Time));

    public RegistryClient Client(IRegistryAuthorization authorization) => Client(RegistryEndpoint.Of(Registry.Host), authorization);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Registry.DisposeAsync();
    }

    private RegistryClient Client(RegistryEndpoint endpoint, IRegistryAuthorization authorization) => new(
        new RegistryTransport(_http, endpoint, authorization, Time, Logger.None), new RegistryRetry(Pauses, Logger.None), "shop");
}
