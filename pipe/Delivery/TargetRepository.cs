using EcsDeploy.Ecr;
using EcsDeploy.Names;
using EcsDeploy.Registry;
using EcsDeploy.Time;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>The repository that is pushed to, seen from both sides: ECR's own API and the distribution protocol.</summary>
internal sealed class TargetRepository(EcrClient ecr, RegistryClient registry, TimeProvider time, ILogger log)
{
    private const int Connections = 4;

    /// <summary>Below the 30 seconds after which our side closes idle connections.</summary>
    private static readonly TimeSpan Rewarm = TimeSpan.FromSeconds(20);

    /// <summary>A build that takes longer than this does not notice one more handshake.</summary>
    private const int MostRewarms = 30;

    public EcrClient Ecr => ecr;

    public RegistryClient Registry => registry;

    /// <summary>What is there to build upon. A repository that is missing is made when that was asked for, else it ends the run before anything is built.</summary>
    public async Task<EarlierImages> LookAsync(DeliveryRequest request, CancellationToken token)
    {
        var settings = request.Registry;
        var wanted = (await request.Earlier).Concat(settings.Tags.Select(tag => tag.Text)).Distinct().ToList();
        try
        {
            // With nothing to ask for, the question is still whether the repository is there.
            return await EarlierImages.FindAsync(ecr, wanted.Count > 0 ? wanted : ["latest"], token);
        }
        catch (EcrException missing) when (missing.IsRepositoryMissing && settings.Create)
        {
            log.Information("Creating the repository {Repository}.", settings.Repository.Address);
            await ecr.Repositories.CreateAsync(token);
            return EarlierImages.None;
        }
        catch (EcrException denied) when (denied.IsDenied)
        {
            log.Warning("Earlier images cannot be read, so none of their layers is reused. {Reason}", denied.Message);
            return EarlierImages.None;
        }
    }

    /// <summary>Which of these blobs are there; what earlier images have is not asked for.</summary>
    public async Task<IReadOnlySet<Digest>> FindPresentAsync(IEnumerable<Digest> blobs, EarlierImages earlier, CancellationToken token)
    {
        var (known, unknown) = (new HashSet<Digest>(), new List<Digest>());
        foreach (var blob in blobs)
        {
            (earlier.HasBlob(blob) ? (ICollection<Digest>)known : unknown).Add(blob);
        }

        try
        {
            known.UnionWith(unknown.Count > 0 ? await ecr.FindLayersAsync(unknown, token) : []);
        }
        catch (EcrException denied) when (denied.IsDenied)
        {
            log.Warning("Which layers are there cannot be asked, so all are sent. {Reason}", denied.Message);
        }

        return known;
    }

    /// <summary>Opens the connections that the layers will need, and keeps them open until the build is done.</summary>
    /// <param name="build">Afterwards none is opened any more.</param>
    /// <param name="sending">Afterwards none is needed: one that is still being opened is given up.</param>
    /// <param name="token">Ends it.</param>
    public async Task KeepWarmAsync(Task build, Task sending, CancellationToken token)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var warming = KeepWarmAsync(build, stop.Token);
        await Task.WhenAny(sending, warming);
        await stop.CancelAsync();
        try
        {
            await warming;
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            log.Debug("Everything is sent while connections for it are still being opened: they are given up.");
        }
    }

    private async Task KeepWarmAsync(Task build, CancellationToken token)
    {
        for (var round = 0; round < MostRewarms && !build.IsCompleted; round++)
        {
            try
            {
                // The manifest goes over the connection of ECR's own API.
                var api = round == 0 ? Task.CompletedTask : ecr.FindImageAsync("latest", token);
                await Task.WhenAll([api, .. Enumerable.Range(0, Connections).Select(_ => registry.WarmUpAsync(token))]);
            }
            catch (PipeException cold) when (cold is RegistryException or EcrException)
            {
                log.Debug("The connections could not be opened beforehand: {Reason}", cold.Message);
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(token);
            await Task.WhenAny(build, Waiting.ForAsync(Rewarm, time, pause.Token));
            await pause.CancelAsync();
        }
    }
}
