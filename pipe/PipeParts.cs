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
    private readonly HttpMessageInvoker _registryHttp;
    private readonly HttpClient _reportHttp;
    private readonly AppPublisher _publisher;
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("dotnet-ecs-deploy-");

    public PipeParts(PipeSettings settings, IReadOnlyDictionary<string, string> children, Redactor redactor, TimeProvider time, ILogger log)
    {
        _connections = new HttpConnections(settings.Network);
        _aws = new AwsConnections(_connections, settings.Network, time, log);
        _identities = new Identities(settings.Identity, settings.Registry, _aws, redactor);
        _registryHttp = new HttpMessageInvoker(_connections.CreateHandler());
        _reportHttp = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(settings.Network.ReportProxy), UseCookies = false });

        var site = new BuildSite { CloneDirectory = settings.Bitbucket.CloneDirectory, WorkDirectory = _work.FullName, Environment = children };
        _publisher = new AppPublisher(new ProcessRunner(time), site, log);
        var registries = new Registries(_registryHttp, settings.Network, repository => Ecr(repository, settings, redactor), time, log);
        var ecs = new EcsClient(_identities.Client("ecs", AwsPurpose.Roll), new CallBudget(time));
        var definitions = new TaskDefinitions(ecs, path => File.ReadAllText(Path.Combine(settings.Bitbucket.CloneDirectory, path)));
        var planner = new ServicePlanner(new ServiceSearch(ecs, $"region {settings.Identity.Region}"), definitions, log);
        var roller = new ServiceRoller(definitions, new Rollout(ecs, settings.Rollout, time, log), settings.Bitbucket, log);
        var promotion = settings.Registry is { } registry ? Promotion(Ecr(registry.Repository, settings, redactor), log) : null;
        Deployer = new Deployer(planner, roller, promotion, new ImageMaker(_publisher, registries, site, time, log), new PlanPrinter(log));
        Files = new OutputFiles(settings.Bitbucket, settings.OutputDirectory, log);
        Insights = new CodeInsights(_reportHttp, settings.Bitbucket, log, time);
    }

    public Deployer Deployer { get; }

    public OutputFiles Files { get; }

    public CodeInsights Insights { get; }

    public void Dispose()
    {
        _publisher.Dispose();
        _reportHttp.Dispose();
        _registryHttp.Dispose();
        _identities.Dispose();
        _aws.Dispose();
        _connections.Dispose();
        _work.Delete(recursive: true);
    }

    private static Promotion Promotion(EcrClient ecr, ILogger log) => new(ecr, new PromotionRecords(ecr), log);

    private EcrClient Ecr(EcrRepository repository, PipeSettings settings, Redactor redactor)
    {
        var purpose = repository == settings.Registry?.Source ? AwsPurpose.Source : AwsPurpose.Push;
        return new EcrClient(new EcrCalls(_identities.Client("ecr", purpose), repository), redactor);
    }
}
