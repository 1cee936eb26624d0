using System.Text.Json.Nodes;
using Sandbox.Authorization;
using Sandbox.Ecr;
using Sandbox.Ecs.Api;
using Sandbox.Ecs.Apps;
using Sandbox.Ecs.Engine;
using Sandbox.Logs;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Ecs;

/// <summary>Amazon ECS of all accounts: its API, and the engine that moves its services and tasks.</summary>
public sealed class EcsService : IApiService, IDisposable
{
    private readonly Dictionary<string, Func<ApiCall, JsonObject>> _operations;
    private readonly Throttle _throttle;
    private readonly AppRunner _apps;
    private readonly Alarms _alarms;

    public EcsService(TimeProvider time, IAuthorizer authorizer, IImagePull images, EcsOptions? options = null)
    {
        Options = options ?? new EcsOptions();
        _throttle = new Throttle(time);
        var agenda = new Agenda(time);
        Agenda = agenda;
        Logs = new LogStore(time, authorizer, Options.LogDelay);
        _apps = new AppRunner(agenda, Options.Dotnet ?? FindDotnet());
        Behaviours.Default = new TaskBehaviour { RunApp = Options.RunApps };
        Tasks = new TaskParts(agenda, new Ids(), new ImagePuller(images, authorizer, Logs), Behaviours, Options)
        {
            Logs = Logs,
            Scripted = new ScriptedRuntime(agenda),
            Real = _apps,
        };
        Parts = new ApiParts(Tasks, new ServiceEngine(Tasks), new Access(authorizer));
        Services = new ServiceOperations(Parts);
        _operations = Operations(Parts, Services);
        _alarms = new Alarms(Parts.Engine.Rollouts);
        _operations.Add("RunTask", new RunTaskOperation(Parts, Tasks).Run);
    }

    public string Name => "ecs";

    public string TargetPrefix => "AmazonEC2ContainerServiceV20141113";

    /// <summary>The operations that are played.</summary>
    public IReadOnlyCollection<string> OperationNames => _operations.Keys;

    public EcsOptions Options { get; }

    /// <summary>What containers do; a test or a world file adds to it.</summary>
    public BehaviourRules Behaviours { get; } = new();

    /// <summary>What the Lambda functions of lifecycle hooks answer.</summary>
    public HookBehaviours Functions => Tasks.Functions;

    public Agenda Agenda { get; }

    /// <summary>What its containers wrote with the awslogs driver.</summary>
    public LogStore Logs { get; }

    internal ServiceOperations Services { get; }

    internal ApiParts Parts { get; }

    private TaskParts Tasks { get; }

    public Task<JsonObject> AnswerAsync(ApiCall call, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        lock (Agenda.Gate)
        {
            if (!_operations.TryGetValue(call.Operation, out var operation))
            {
                throw new ApiException("UnknownOperationException", "");
            }

            if (Options.Throttling)
            {
                _throttle.Take(call);
            }

            return Task.FromResult(operation(call));
        }
    }

    /// <summary>Sets up what the world says was there before the sandbox started.</summary>
    public void Plant(World world)
    {
        foreach (var rule in world.Behaviours)
        {
            Behaviours.Add(rule);
        }

        Agenda.Recall(TimeSpan.FromHours(1), () => Planting.Plant(world, Parts, Services, Logs));
    }

    /// <summary>A CloudWatch alarm goes to ALARM: deployments in progress that watch it hear of it.</summary>
    public void SetAlarm(string account, string alarm) => Agenda.Post(() => _alarms.GoOff(
        Parts.Accounts.Where(item => item.Names.Account == account).SelectMany(item => item.Clusters.Values).SelectMany(cluster => cluster.Services.Values),
        alarm));

    /// <summary>What people see who play with the sandbox.</summary>
    public JsonObject Describe()
    {
        lock (Agenda.Gate)
        {
            return StateView.Of(Parts.Accounts);
        }
    }

    public void Dispose()
    {
        Agenda.Dispose();
        _apps.Dispose();
    }

    private static string FindDotnet() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, "dotnet"))
        .Where(File.Exists)
        .Select(path => new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path)
        .FirstOrDefault() ?? "dotnet";

    private static Dictionary<string, Func<ApiCall, JsonObject>> Operations(ApiParts parts, ServiceOperations services)
    {
        var (clusters, definitions, rollouts) = (new ClusterOperations(parts), new TaskDefinitionOperations(parts), new RolloutOperations(parts));
        var control = new RolloutControl(parts, rollouts);
        var (tasks, tags, updates) = (new TaskOperations(parts), new TagOperations(parts), new ServiceUpdates(parts, services));
        return new(StringComparer.Ordinal)
        {
            ["CreateCluster"] = clusters.Create,
            ["DescribeClusters"] = clusters.Describe,
            ["ListClusters"] = clusters.List,
            ["DeleteCluster"] = clusters.Delete,
            ["RegisterTaskDefinition"] = definitions.Register,
            ["DescribeTaskDefinition"] = definitions.Describe,
            ["DeregisterTaskDefinition"] = definitions.Deregister,
            ["ListTaskDefinitions"] = definitions.List,
            ["ListTaskDefinitionFamilies"] = definitions.ListFamilies,
            ["CreateService"] = services.Create,
            ["UpdateService"] = updates.Update,
            ["DescribeServices"] = services.Describe,
            ["ListServices"] = services.List,
            ["DeleteService"] = services.Delete,
            ["ListServiceDeployments"] = rollouts.List,
            ["DescribeServiceDeployments"] = rollouts.Describe,
            ["DescribeServiceRevisions"] = rollouts.DescribeRevisions,
            ["StopServiceDeployment"] = control.Stop,
            ["ContinueServiceDeployment"] = control.Continue,
            ["ListTasks"] = tasks.List,
            ["DescribeTasks"] = tasks.Describe,
            ["StopTask"] = tasks.Stop,
            ["TagResource"] = tags.Tag,
            ["UntagResource"] = tags.Untag,
            ["ListTagsForResource"] = tags.List,
        };
    }
}
