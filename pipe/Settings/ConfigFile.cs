namespace EcsDeploy.Settings;

/// <summary>The config file as its levels: what holds for all, for a service, for an environment, for a service in an environment.</summary>
internal sealed record ConfigFile
{
    public const string StandardName = "ecs-deploy.yml";

    public required string Name { get; init; }

    public required ConfigLevel Top { get; init; }

    public IReadOnlyDictionary<string, ConfigLevel> Services { get; init; } = new Dictionary<string, ConfigLevel>();

    public IReadOnlyDictionary<string, ConfigLevel> Environments { get; init; } = new Dictionary<string, ConfigLevel>();

    /// <summary>What holds for a service in an environment; either may be none. The nearest level wins.</summary>
    public IReadOnlyDictionary<string, SettingValue> Scope(string? environment, string? service)
    {
        var here = environment is null ? null : Environments.GetValueOrDefault(environment);
        ConfigLevel?[] weakestFirst =
        [
            Top,
            here,
            service is null ? null : Services.GetValueOrDefault(service),
            service is null ? null : here?.Services.GetValueOrDefault(service),
        ];
        var scope = new Dictionary<string, SettingValue>(StringComparer.Ordinal);
        foreach (var value in weakestFirst.OfType<ConfigLevel>().SelectMany(level => level.Values.Values))
        {
            scope[value.Name] = value;
        }

        return scope;
    }
}

/// <summary>One level's values by the setting that they give.</summary>
/// <param name="Values">By variable name, or by key where there is no variable.</param>
/// <param name="Place">For messages: "ecs-deploy.yml line 4".</param>
internal sealed record ConfigLevel(IReadOnlyDictionary<string, SettingValue> Values, string Place)
{
    /// <summary>In an environment: what holds for one service there.</summary>
    public IReadOnlyDictionary<string, ConfigLevel> Services { get; init; } = new Dictionary<string, ConfigLevel>();
}
