using System.Net;
using EcsDeploy.Aws;
using EcsDeploy.Delivery;
using EcsDeploy.Deployment;
using EcsDeploy.Ecr;
using EcsDeploy.Ecs;
using EcsDeploy.Images;
using EcsDeploy.Logging;
using EcsDeploy.Names;
using EcsDeploy.Processes;
using EcsDeploy.Reporting;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy;

/// <summary>The wiring diagram: every object of a run, made once, disposed of together.</summary>
internal sealed class PipeParts : IDisposable
{
    private readonly HttpConnections _connections;
    private readonly AwsConnections _aws;
    private readonly Identities _identities;
    private readonly SocketsHttpHandler _registryHandler;
    private readonly HttpMessageInvoker _registryHttp;
    private readonly SocketsHttpHandler _reportHandler;
    private readonly HttpClient _reportHttp;
    private readonly AppPublisher _publisher;
    private readonly BuildSite _site;
    private readonly ContainerLogs _logs;
    private readonly PipeSettings _settings;
    private readonly Redactor _redactor;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DirectoryInfo _work;

    public PipeParts(PipeSettings settings, IReadOnlyDictionary<string, string> children, Redactor redactor, TimeProvider time, ILogger log)
    {
        (_settings, _redactor, _time, _log) = (settings, redactor, time, log);
        _connections = new HttpConnections(settings.Network);
        _connections.ReadAhead();
        _aws = new AwsConnections(_connections, settings.Network, time, log);
        _identities = new Identities(settings.Identity, settings.Registry, _aws, redactor);

        // Whoever may not be acted as is refused here, before anybody is called.
        var (ecs, budget) = (_identities.Client("ecs", AwsPurpose.Roll), new CallBudget(time));
        _registryHandler = _connections.CreateHandler();
        _registryHttp = new HttpMessageInvoker(_registryHandler, disposeHandler: false);
        _reportHandler = new SocketsHttpHandler { Proxy = new WebProxy(settings.Network.ReportProxy), UseCookies = false };
        _reportHttp = new HttpClient(_reportHandler, disposeHandler: false);

        // Last of what may fail: a folder that nobody owns yet would stay behind.
        _work = Directory.CreateTempSubdirectory("dotnet-ecs-deploy-");
        _site = SiteOf(settings.Bitbucket, _work.FullName, ChildEnvironment.With(children, settings.Network, AuthoritiesFor(settings.Source)));
        _publisher = new AppPublisher(new ProcessRunner(time), _site, log);
        var client = new EcsClient(ecs, budget);
        _logs = new ContainerLogs(_identities.Client("logs", AwsPurpose.Roll));
        Ecs = new EcsSide(
            client,
            new ServiceSearch(client, $"region {settings.Identity.Region}", settings.Identity.RegionIsRegistrys ? $"{settings.Identity.Region} is the region of ECR_REPOSITORY" : string.Empty),
            new TaskDefinitions(client, path => TaskDefinitionFile.Read(settings.Bitbucket.CloneDirectory, path), log),
            new Rollout(client, settings.Rollout, time, log, _logs),
            new RolloutControl(client, settings.Rollout, time, log, _logs));
        Insights = new CodeInsights(_reportHttp, settings.Bitbucket, redactor, log, time);
    }

    public EcsSide Ecs { get; }

    public CodeInsights Insights { get; }

    /// <summary>For the actions that have an image to roll or to push.</summary>
    public Deployer Deployer(RegistrySettings registry)
    {
        var ecr = Ecr(registry.Repository);
        var registries = new Registries(_registryHttp, _settings.Network, Ecr, _time, _log);
        var tasks = new OneOffTasks(Ecs.Client, Ecs.Definitions, _logs, _time, _log);
        return new Deployer(
            new ServicePlanner(Ecs.Search, Ecs.Definitions, _log, new PullCheck(ecr, _log)),
            new ServiceRoller(Ecs.Definitions, Ecs.Rollout, new OneOffSteps(tasks, _settings.Bitbucket, _log), _settings.Bitbucket, _log),
            new Promotion(ecr, new PromotionRecords(ecr), _log),
            new ImageSide(
                new ImageMaker(_publisher, registries, _site, _time, _log),
                new DryRunCheck(ecr, _site.CloneDirectory, _log),
                new RevisionCheck(ecr),
                new ImageEntryPoint(ecr, registries.Client(registry.Repository), _log)),
            new PlanPrinter(Ecs.Rollout, _log));
    }

    /// <summary>For ACTION rollback.</summary>
    public GoingBack GoingBack() => new(Ecs, Earlier, _settings, _log);

    /// <summary>For ACTION status.</summary>
    public StatusReport StatusReport() => new(Ecs, Earlier, _settings, _log);

    public void Dispose()
    {
        _publisher.Dispose();
        _reportHttp.Dispose();
        _reportHandler.Dispose();
        _registryHttp.Dispose();
        _registryHandler.Dispose();
        _identities.Dispose();
        _aws.Dispose();
        _connections.Dispose();
        try
        {
            _work.Delete(recursive: true);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // It goes with the container; what was done stays done.
            _log.Debug("The folder {Folder} could not be removed: {Reason}", _work.FullName, left.Message);
        }
    }

    /// <summary>Reading the system's authorities takes longer than the pipe's whole start, so it is done for programs alone.</summary>
    private string? AuthoritiesFor(ImageSource? source) =>
        source is ImageSource.Project or ImageSource.Dockerfile or ImageSource.DockerImage ? _connections.WriteAuthorities(_work.FullName) : null;

    // On Bitbucket only the clone outlives the pipe's container: packages kept there can be kept by a cache of the pipeline. A laptop has its own place for them.
    private static BuildSite SiteOf(BitbucketContext bitbucket, string workDirectory, IReadOnlyDictionary<string, string> children) => new()
    {
        CloneDirectory = bitbucket.CloneDirectory,
        WorkDirectory = workDirectory,
        PackageDirectory = bitbucket.BuildNumber is null ? null : Path.Combine(bitbucket.CloneDirectory, ".nuget", "packages"),
        Environment = children,
    };

    /// <summary>Where an earlier image was: a registry that may not be asked keeps nobody from going back.</summary>
    private EcrClient Earlier(EcrRepository repository)
    {
        try
        {
            return Ecr(repository);
        }
        catch (SignInException guarded)
        {
            throw EcrException.Guarded(guarded);
        }
    }

    private EcrClient Ecr(EcrRepository repository)
    {
        _identities.CheckRegistry(repository);
        var purpose = repository == _settings.Registry?.Source ? AwsPurpose.Source : AwsPurpose.Push;
        return new EcrClient(new EcrCalls(_identities.Client(repository, purpose), repository), _redactor);
    }
}
