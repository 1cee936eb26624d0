using Sandbox.Ecs.Engine;
using Sandbox.Ecs.State;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>What the operations share: the accounts, the engine, and the questions every request raises.</summary>
public sealed class ApiParts(TaskParts tasks, ServiceEngine engine, Access access)
{
    private readonly Dictionary<(string Account, string Region), EcsAccount> _accounts = [];

    public ServiceEngine Engine { get; } = engine;

    public Access Access { get; } = access;

    public Ids Ids { get; } = tasks.Ids;

    public Agenda Agenda { get; } = tasks.Agenda;

    public EcsOptions Options { get; } = tasks.Options;

    public Paging Paging { get; } = new(tasks.Options.PageLimit);

    public DateTimeOffset Now => Agenda.Now;

    public IEnumerable<EcsAccount> Accounts => _accounts.Values;

    public EcsAccount Account(ApiCall call) => Account(call.Caller.AccountId, call.Region);

    public EcsAccount Account(string id, string region) =>
        _accounts.TryGetValue((id, region), out var account) ? account : _accounts[(id, region)] = new EcsAccount(id, region);

    /// <summary>The ARN of the cluster that the request names, there or not; of another account when the request gives such an ARN.</summary>
    public string ClusterArn(ApiCall call) => call.Input.Text("cluster") is { } name && EcsNames.AccountOf(name) is not null
        ? name
        : Account(call).Names.Cluster(EcsNames.ClusterName(call.Input.Text("cluster")));

    /// <summary>The cluster that the request names; ClusterNotFoundException when it is not there or INACTIVE.</summary>
    public Cluster Cluster(ApiCall call) =>
        FindCluster(call) is { Active: true } cluster ? cluster : throw Errors.ClusterNotFound();

    /// <summary>The long ARN of a service by name or ARN, there or not (authorization.md §2.3: always the long form).</summary>
    public string ServiceArn(ApiCall call, string service) => EcsNames.AccountOf(service) is not null && service.Split('/').Length > 2
        ? service
        : EcsNames.ServiceIn(ClusterArn(call), EcsNames.Last(service)) ?? Account(call).Names.Service(EcsNames.ClusterName(call.Input.Text("cluster")), EcsNames.Last(service));

    public Service? FindService(ApiCall call, string service) => FindCluster(call)?.Services.GetValueOrDefault(EcsNames.Last(service));

    public IEnumerable<Service> Services(ApiCall call) => Account(call).Clusters.Values.SelectMany(cluster => cluster.Services.Values);

    /// <summary>An ARN names one cluster alone: of another account, region or partition it names none that is here, whatever stands behind its slash.</summary>
    private Cluster? FindCluster(ApiCall call)
    {
        var (given, account) = (call.Input.Text("cluster"), Account(call));
        var name = EcsNames.ClusterName(given);
        return given is null || EcsNames.AccountOf(given) is null || given == account.Names.Cluster(name) ? account.Clusters.GetValueOrDefault(name) : null;
    }
}
