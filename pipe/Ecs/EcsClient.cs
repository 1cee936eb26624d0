using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>Sends one ECS operation; <see cref="AwsJsonClient"/> has the two ways.</summary>
internal delegate Task<JsonObject> SendCall(string operation, JsonObject input, CancellationToken token);

/// <summary>The ECS calls that the pipe makes in one account and region, at the sizes and paces that ECS documents.</summary>
internal sealed class EcsClient
{
    private const int ServicesPerCall = 10;
    private const int TasksPerCall = 100;
    private const int DeploymentsPerCall = 20;

    /// <summary>After one of these nobody may say that no service was touched.</summary>
    private static readonly HashSet<string> Touching = ["UpdateService", "StopServiceDeployment", "ContinueServiceDeployment"];

    private readonly SendCall _call;
    private readonly SendCall _callOnce;
    private readonly CallBudget _budget;
    private readonly ConcurrentDictionary<string, ReadTogether<ServiceState>> _services = new();
    private readonly ReadTogether<ServiceDeploymentState> _deployments;
    private readonly ReadTogether<ServiceRevision> _revisions;

    /// <summary>For reads and what may be done twice; for changes that must not be repeated blindly; shared by everything that calls the same account and region.</summary>
    public EcsClient(SendCall call, SendCall callOnce, CallBudget budget)
    {
        (_call, _callOnce, _budget) = (call, callOnce, budget);
        _deployments = new ReadTogether<ServiceDeploymentState>(DeploymentsPerCall, DescribeServiceDeploymentsAsync, deployment => deployment.Arn);
        _revisions = new ReadTogether<ServiceRevision>(DeploymentsPerCall, DescribeServiceRevisionsAsync, revision => revision.Arn);
    }

    public EcsClient(AwsJsonClient aws, CallBudget budget)
        : this(aws.CallAsync, aws.CallOnceAsync, budget)
    {
    }

    /// <summary>What was done to which service by requests that ECS took, or of which nobody knows whether it did.</summary>
    public TouchedServices Touched { get; } = new();

    /// <summary>The services that are there, in no particular order; names that are missing are missing in the answer.</summary>
    public async Task<IReadOnlyList<ServiceState>> DescribeServicesAsync(string cluster, IReadOnlyList<string> names, CancellationToken token)
    {
        var services = new List<ServiceState>();
        foreach (var some in names.Chunk(ServicesPerCall))
        {
            var input = new JsonObject { ["cluster"] = cluster, ["services"] = some.ToJson(), ["include"] = new JsonArray("TAGS") };
            services.AddRange((await ReadAsync("DescribeServices", input, token)).Members("services").Select(item => new ServiceState(item)));
        }

        return services;
    }

    /// <summary>Null when the service is not there; throws for a missing cluster.</summary>
    public Task<ServiceState?> FindServiceAsync(string cluster, string name, CancellationToken token) => _services
        .GetOrAdd(cluster, _ => new(ServicesPerCall, (names, inner) => DescribeServicesAsync(cluster, names, inner), service => service.Name))
        .GetAsync(name, token);

    /// <summary>The newest first, at most so many; the history is kept for 90 days.</summary>
    public async Task<IReadOnlyList<ServiceDeploymentBrief>> ListServiceDeploymentsAsync(ServiceState service, int newest, CancellationToken token)
    {
        var input = new JsonObject { ["cluster"] = service.ClusterArn, ["service"] = service.Name };
        var list = await PagesAsync("ListServiceDeployments", input, "serviceDeployments", newest, token);
        return [.. list.OfType<JsonObject>().Select(item => new ServiceDeploymentBrief(item))];
    }

    public async Task<IReadOnlyList<ServiceDeploymentState>> DescribeServiceDeploymentsAsync(IReadOnlyList<string> arns, CancellationToken token)
    {
        var deployments = new List<ServiceDeploymentState>();
        foreach (var some in arns.Chunk(DeploymentsPerCall))
        {
            var answer = await ReadAsync("DescribeServiceDeployments", new JsonObject { ["serviceDeploymentArns"] = some.ToJson() }, token);
            deployments.AddRange(answer.Members("serviceDeployments").Select(item => new ServiceDeploymentState(item)));
        }

        return deployments;
    }

    /// <summary>Null when it is not there.</summary>
    public Task<ServiceDeploymentState?> FindServiceDeploymentAsync(string arn, CancellationToken token) => _deployments.GetAsync(arn, token);

    /// <summary>Null when it is not there.</summary>
    public Task<ServiceRevision?> FindServiceRevisionAsync(string arn, CancellationToken token) => _revisions.GetAsync(arn, token);

    public async Task<IReadOnlyList<ServiceRevision>> DescribeServiceRevisionsAsync(IReadOnlyList<string> arns, CancellationToken token)
    {
        var revisions = new List<ServiceRevision>();
        foreach (var some in arns.Chunk(DeploymentsPerCall))
        {
            var answer = await ReadAsync("DescribeServiceRevisions", new JsonObject { ["serviceRevisionArns"] = some.ToJson() }, token);
            revisions.AddRange(answer.Members("serviceRevisions").Select(item => new ServiceRevision(item)));
        }

        return revisions;
    }

    /// <param name="name">A family (its newest ACTIVE revision), <c>family:revision</c> or an ARN.</param>
    /// <param name="token">Ends the wait.</param>
    public async Task<TaskDefinition> DescribeTaskDefinitionAsync(string name, CancellationToken token) =>
        TaskDefinition.FromAnswer(await ReadAsync(
            "DescribeTaskDefinition", new JsonObject { ["taskDefinition"] = name, ["include"] = new JsonArray("TAGS") }, token));

    /// <summary>ARNs of a family's ACTIVE revisions, the newest first, at most so many.</summary>
    public async Task<IReadOnlyList<string>> ListTaskDefinitionsAsync(string family, int newest, CancellationToken token)
    {
        var input = new JsonObject { ["familyPrefix"] = family, ["status"] = "ACTIVE", ["sort"] = "DESC" };
        return [.. (await PagesAsync("ListTaskDefinitions", input, "taskDefinitionArns", newest, token)).Select(item => item.GetValue<string>())];
    }

    public async Task<TaskDefinition> RegisterTaskDefinitionAsync(JsonObject input, CancellationToken token) =>
        TaskDefinition.FromAnswer(await ChangeAsync("RegisterTaskDefinition", input, token));

    /// <summary>The service after the change, its new PRIMARY deployment included.</summary>
    public async Task<ServiceState> UpdateServiceAsync(JsonObject input, CancellationToken token) =>
        new((await ChangeAsync("UpdateService", input, token)).Member("service") ?? []);

    /// <summary>ARNs of a service's tasks; stopped ones can be had for at least an hour.</summary>
    public async Task<IReadOnlyList<string>> ListTasksAsync(ServiceState service, string desiredStatus, CancellationToken token)
    {
        var input = new JsonObject { ["cluster"] = service.ClusterArn, ["serviceName"] = service.Name, ["desiredStatus"] = desiredStatus };
        return await ListTasksAsync(input, token);
    }

    /// <param name="input">Of ListTasks: <c>startedBy</c> must be its only filter.</param>
    /// <param name="token">Ends the wait.</param>
    public async Task<IReadOnlyList<string>> ListTasksAsync(JsonObject input, CancellationToken token) =>
        [.. (await PagesAsync("ListTasks", input, "taskArns", int.MaxValue, token)).Select(item => item.GetValue<string>())];

    public async Task<IReadOnlyList<TaskState>> DescribeTasksAsync(string cluster, IReadOnlyList<string> arns, CancellationToken token)
    {
        var tasks = new List<TaskState>();
        foreach (var some in arns.Chunk(TasksPerCall))
        {
            var answer = await ReadAsync("DescribeTasks", new JsonObject { ["cluster"] = cluster, ["tasks"] = some.ToJson() }, token);
            tasks.AddRange(answer.Members("tasks").Select(item => new TaskState(item)));
        }

        return tasks;
    }

    /// <summary>Short names of the account's clusters in this region.</summary>
    public async Task<IReadOnlyList<string>> ListClustersAsync(CancellationToken token) =>
        LastNames(await PagesAsync("ListClusters", [], "clusterArns", 1000, token));

    /// <summary>Those with an ACTIVE revision.</summary>
    public async Task<IReadOnlyList<string>> ListFamiliesAsync(CancellationToken token) =>
        [.. (await PagesAsync("ListTaskDefinitionFamilies", new JsonObject { ["status"] = "ACTIVE" }, "families", 1000, token)).Select(item => item.GetValue<string>())];

    public async Task<IReadOnlyList<string>> ListServicesAsync(string cluster, CancellationToken token) =>
        LastNames(await PagesAsync("ListServices", new JsonObject { ["cluster"] = cluster, ["maxResults"] = 100 }, "serviceArns", 1000, token));

    /// <summary>A call that only reads, or that AWS does once however often it is sent.</summary>
    public Task<JsonObject> ReadAsync(string operation, JsonObject input, CancellationToken token) => SendAsync(_call, operation, input, token);

    /// <summary>A call that changes something, sent once.</summary>
    public Task<JsonObject> ChangeAsync(string operation, JsonObject input, CancellationToken token) => SendAsync(_callOnce, operation, input, token);

    private async Task<JsonObject> SendAsync(SendCall call, string operation, JsonObject input, CancellationToken token)
    {
        await _budget.TakeAsync(operation, token);
        try
        {
            var answer = await call(operation, input, token);
            Note(operation, input);
            return answer;
        }
        catch (Exception fault) when (fault is OperationCanceledException or AwsException { AnswerLost: true })
        {
            Note(operation, input);
            throw;
        }
    }

    private void Note(string operation, JsonObject input)
    {
        if (Touching.Contains(operation))
        {
            Touched.Note(operation, input);
        }
    }

    private async Task<IReadOnlyList<JsonNode>> PagesAsync(string operation, JsonObject input, string list, int most, CancellationToken token)
    {
        var items = new List<JsonNode>();
        while (true)
        {
            var answer = await ReadAsync(operation, input, token);
            items.AddRange((answer[list] as JsonArray)?.OfType<JsonNode>() ?? []);
            if (answer.Text("nextToken") is not { Length: > 0 } next || items.Count >= most)
            {
                return [.. items.Take(most)];
            }

            input = (JsonObject)input.DeepClone();
            input["nextToken"] = next;
        }
    }

    private static IReadOnlyList<string> LastNames(IReadOnlyList<JsonNode> arns) =>
        [.. arns.Select(arn => TaskDefinition.ShortName(arn.GetValue<string>())).Order(StringComparer.Ordinal)];
}
