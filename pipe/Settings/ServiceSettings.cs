namespace EcsDeploy.Settings;

/// <summary>One ECS service to roll, and the edits that its task definition gets.</summary>
internal sealed record ServiceSettings
{
    /// <summary>Short name or ARN of the cluster, as given.</summary>
    public required string Cluster { get; init; }

    /// <summary>The service's short name.</summary>
    public required string Name { get; init; }

    /// <summary>CONTAINER_NAME; empty means: found from the task definition.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];

    public TaskDefinitionSource TaskDefinition { get; init; } = new TaskDefinitionSource.Live();

    /// <summary>SET_ENV_VARS, in the order given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> SetEnvironment { get; init; } = [];

    public IReadOnlyList<string> UnsetEnvironment { get; init; } = [];

    /// <summary>SET_SECRETS: name and the ARN or parameter that its value comes from.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> SetSecrets { get; init; } = [];

    /// <summary>From the config file only; null leaves what is there.</summary>
    public string? Cpu { get; init; }

    public string? Memory { get; init; }

    public int? DesiredCount { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = new Dictionary<string, string>();

    public OneOffTask? BeforeDeploy { get; init; }

    public OneOffTask? AfterDeploy { get; init; }
}

/// <summary>TASK_DEFINITION: what the new definition starts from.</summary>
internal abstract record TaskDefinitionSource
{
    /// <summary>What the service runs now.</summary>
    internal sealed record Live : TaskDefinitionSource;

    /// <summary>The newest ACTIVE revision of a family.</summary>
    internal sealed record Family(string Name) : TaskDefinitionSource;

    /// <summary>A revision as it is: nothing is edited, nothing registered.</summary>
    internal sealed record Revision(string NameAndRevision) : TaskDefinitionSource;

    /// <summary>A JSON or YAML file in the clone.</summary>
    internal sealed record File(string Path) : TaskDefinitionSource;
}

/// <summary>BEFORE_DEPLOY or AFTER_DEPLOY: a task run once with the new image.</summary>
internal sealed record OneOffTask(IReadOnlyList<string> Arguments)
{
    public IReadOnlyList<string> EntryPoint { get; init; } = [];

    public string? Container { get; init; }

    public string? TaskDefinition { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);
}
