using EcsDeploy.Aws;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Ecs;

/// <summary>Reads what a service's next task definition starts from, and registers it: once per distinct definition, however many services share it.</summary>
/// <param name="ecs">Calls in the target account.</param>
/// <param name="readFile">The text of a file of the clone, by its path.</param>
/// <param name="log">A line for each revision that is registered.</param>
internal sealed class TaskDefinitions(EcsClient ecs, Func<string, string> readFile, ILogger log)
{
    private const int MostRevisions = 10;

    private readonly Dictionary<string, Task<TaskDefinition>> _described = [];
    private readonly Dictionary<string, Task<TaskDefinition>> _registered = [];

    /// <param name="service">As it runs now.</param>
    /// <param name="settings">What was asked for it.</param>
    /// <param name="repository">Where our images are; null when none was named.</param>
    /// <param name="token">Ends the wait.</param>
    public async Task<TaskDefinitionPlan> PlanAsync(
        ServiceState service, ServiceSettings settings, EcrRepository? repository, CancellationToken token)
    {
        var live = await DescribeAsync(service.TaskDefinition, token);
        var source = settings.TaskDefinition switch
        {
            TaskDefinitionSource.Family family => await GetAsync(family.Name, VariableNames.TaskDefinition, token),
            TaskDefinitionSource.Revision revision => await GetAsync(revision.NameAndRevision, VariableNames.TaskDefinition, token),
            TaskDefinitionSource.File file => TaskDefinitionFile.Parse(file.Path, readFile(file.Path)),
            _ => live,
        };
        if (settings.TaskDefinition is TaskDefinitionSource.Revision && !source.IsActive)
        {
            throw new EcsSettingsException(
                $"Task definition {source.Name} is INACTIVE: it was deregistered and no service can be updated to it. "
                + $"Use family:{source.Family} or an ACTIVE revision.");
        }

        return new TaskDefinitionPlan
        {
            Settings = settings,
            Live = live,
            Base = source,
            Newest = await NewestAsync(source.Family, token),
            Containers = ContainerChoice.Choose(source, settings.Containers, repository, service.BalancedContainers),
            AsItIs = settings.TaskDefinition is TaskDefinitionSource.Revision,
        };
    }

    /// <summary>The revision to roll: the one that is there, or a new one.</summary>
    public async Task<TaskDefinition> RegisterAsync(TaskDefinitionChange change, CancellationToken token)
    {
        if (change.Input is not { } input)
        {
            return await DescribeAsync(change.Existing!, token);
        }

        var key = input.ToJsonString();
        Task<TaskDefinition> registering;
        lock (_registered)
        {
            registering = _registered.TryGetValue(key, out var known) ? known : _registered[key] = RegisterOnceAsync(change, token);
        }

        return await registering;
    }

    /// <summary>What a family's newest revision is may have changed meanwhile; a revision never changes.</summary>
    public void ForgetNewest()
    {
        lock (_described)
        {
            foreach (var family in _described.Keys.Where(name => !name.Contains(':', StringComparison.Ordinal)).ToList())
            {
                _described.Remove(family);
            }
        }
    }

    /// <param name="name">A family or a revision.</param>
    /// <param name="variable">Where it was named, for the message.</param>
    /// <param name="token">Ends the wait.</param>
    public async Task<TaskDefinition> GetAsync(string name, string variable, CancellationToken token)
    {
        try
        {
            return await DescribeAsync(name, token);
        }
        catch (AwsException fault) when (fault.Code is "ClientException" or "InvalidParameterException")
        {
            throw new EcsSettingsException($"Task definition '{name}' cannot be described: {fault.AwsMessage} {await ThereAsync(name, token)} Check {variable}.", fault);
        }
    }

    /// <summary>A family that is there has revisions; of one that is not, the others are told.</summary>
    private async Task<string> ThereAsync(string name, CancellationToken token)
    {
        var family = name.Split(':')[0];
        return name != family && await NewestAsync(family, token) is not null
            ? await NamesThere.TellAsync(
                $"newest revisions of family {family}",
                "ecs:ListTaskDefinitions",
                async inner => [.. (await ecs.ListTaskDefinitionsAsync(family, MostRevisions, inner)).Select(TaskDefinition.ShortName)],
                token)
            : await NamesThere.TellAsync("families", "ecs:ListTaskDefinitionFamilies", ecs.ListFamiliesAsync, token);
    }

    /// <summary>The newest ACTIVE revision; null when the family has none.</summary>
    public async Task<TaskDefinition?> NewestAsync(string family, CancellationToken token)
    {
        try
        {
            return await DescribeAsync(family, token);
        }
        catch (AwsException fault) when (fault.Code is "ClientException")
        {
            return null;
        }
    }

    /// <summary>After a lost answer: a revision that says the same is ours, so no second one is registered.</summary>
    private async Task<TaskDefinition> RegisterOnceAsync(TaskDefinitionChange change, CancellationToken token)
    {
        log.Information("Registering a new revision of task definition {Family}", change.Input.Text("family"));
        try
        {
            return await ecs.RegisterTaskDefinitionAsync(change.Input!, token);
        }
        catch (AwsException fault) when (fault.AnswerLost)
        {
            var newest = await NewestNowAsync(change.Input.Text("family") ?? "", token);
            return newest is not null && TaskDefinitionMeaning.Same(newest.Json, change.Input!)
                ? newest
                : await ecs.RegisterTaskDefinitionAsync(change.Input!, token);
        }
        catch (AwsException fault) when (fault.Code is "ClientException" or "InvalidParameterException")
        {
            throw new EcsSettingsException(
                $"ECS does not take the new revision of task definition '{change.Input.Text("family")}': {fault.Message} Check what TASK_DEFINITION names, and what variables and config file set in it.",
                fault);
        }
    }

    private Task<TaskDefinition> DescribeAsync(string name, CancellationToken token)
    {
        lock (_described)
        {
            return _described.TryGetValue(name, out var known) ? known : _described[name] = ecs.DescribeTaskDefinitionAsync(name, token);
        }
    }

    /// <summary>Asked for anew, whatever is remembered.</summary>
    private async Task<TaskDefinition?> NewestNowAsync(string family, CancellationToken token)
    {
        lock (_described)
        {
            _described.Remove(family);
        }

        return await NewestAsync(family, token);
    }
}
