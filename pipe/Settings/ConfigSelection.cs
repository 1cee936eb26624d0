namespace EcsDeploy.Settings;

/// <summary>What of the config file this run is about: one environment and some services.</summary>
internal sealed record ConfigSelection
{
    private static readonly Dictionary<string, SettingValue> Nothing = [];

    /// <summary>What holds for the run as a whole: image, registry, identities, rollout.</summary>
    public IReadOnlyDictionary<string, SettingValue> Run { get; private init; } = Nothing;

    /// <summary>What holds for each service that was chosen; empty when the services come from SERVICE_NAME alone.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, SettingValue>> Services { get; private init; } = [];

    public static ConfigSelection Of(ConfigFile? file, PipeVariables variables, PipeAction action, string? environment)
    {
        if (file is null)
        {
            if (variables.InStep(VariableNames.Services))
            {
                variables.Notes.Fault($"{VariableNames.Services} is set, but there is no config file to choose from. Name services of ECS with {VariableNames.ServiceName}.");
            }

            return new ConfigSelection();
        }

        CheckEnvironment(file, variables, action, environment);
        var chosen = Chosen(file, variables, action);
        var images = chosen.Select(name => (Service: name, Scope: file.Scope(environment, ImageOwner(file, variables, environment, name)))).ToArray();
        foreach (var (service, _) in images.Skip(1).Where(other => !SameImage(other.Scope, images[0].Scope)))
        {
            variables.Notes.Fault($"The services {images[0].Service} and {service} have images of their own; one run makes one. Choose one of them with {VariableNames.Services}, or give one image-of the other.");
        }

        return new ConfigSelection
        {
            Run = images.Length > 0 ? images[0].Scope : file.Scope(environment, null),
            Services = [.. chosen.Select(name => WithName(file.Scope(environment, name), name, file.Services[name].Place))],
        };
    }

    private static void CheckEnvironment(ConfigFile file, PipeVariables variables, PipeAction action, string? environment)
    {
        if (environment is not null && file.Environments.Count > 0 && !file.Environments.ContainsKey(environment))
        {
            variables.Notes.Fault($"The environment '{SettingsNotes.Line(environment)}' is not in {file.Name}. It has {string.Join(", ", file.Environments.Keys)}.");
        }
        else if (environment is null && file.Environments.Count > 0 && action is not (PipeAction.Push or PipeAction.Setup))
        {
            variables.Notes.Fault($"{VariableNames.Environment} is not set, and the step has no deployment. {file.Name} has the environments {string.Join(", ", file.Environments.Keys)}.");
        }
    }

    // The step names ECS services itself, or chooses from the file's; with one in the file there is nothing to choose.
    private static IReadOnlyList<string> Chosen(ConfigFile file, PipeVariables variables, PipeAction action)
    {
        var named = variables.InStep(VariableNames.ServiceName);
        if (variables.Find(VariableNames.Services) is null)
        {
            if (named || file.Services.Count == 0 || action == PipeAction.Setup)
            {
                return [];
            }

            if (file.Services.Count > 1)
            {
                variables.Notes.Fault($"{VariableNames.Services} is not set. {file.Name} has the services {string.Join(", ", file.Services.Keys)}: name some, or all.");
                return [];
            }

            return [.. file.Services.Keys];
        }

        if (named)
        {
            variables.Notes.Fault($"{VariableNames.Services} and {VariableNames.ServiceName} are both set. Choose from {file.Name} with the one, or name services of ECS with the other.");
        }

        var words = variables.Words(VariableNames.Services);
        if (words is ["all"])
        {
            return [.. file.Services.Keys];
        }

        foreach (var unknown in words.Where(word => !file.Services.ContainsKey(word)))
        {
            variables.Notes.Fault($"{VariableNames.Services} names '{SettingsNotes.Line(unknown)}', which is not in {file.Name}. It has {string.Join(", ", file.Services.Keys)}.");
        }

        return [.. words.Where(file.Services.ContainsKey)];
    }

    private static string ImageOwner(ConfigFile file, PipeVariables variables, string? environment, string service)
    {
        if (file.Scope(environment, service).GetValueOrDefault(ConfigKeys.ImageOf) is not { } link)
        {
            return service;
        }

        var owner = link.Text.Trim();
        if (owner == service || !file.Services.ContainsKey(owner) || file.Scope(environment, owner).ContainsKey(ConfigKeys.ImageOf))
        {
            variables.Notes.Fault($"{link.Place}: {ConfigKeys.ImageOf} is '{SettingsNotes.Line(owner)}'. It must be another service of {file.Name} that has an image of its own.");
        }

        return owner;
    }

    private static bool SameImage(IReadOnlyDictionary<string, SettingValue> left, IReadOnlyDictionary<string, SettingValue> right) =>
        ConfigKeys.Image.All(name => (left.GetValueOrDefault(name), right.GetValueOrDefault(name)) switch
        {
            (null, null) => true,
            ({ } one, { } other) => one.SameAs(other),
            _ => false,
        });

    // A service of the file is called in ECS what it is called in the file, unless it says otherwise.
    private static Dictionary<string, SettingValue> WithName(IReadOnlyDictionary<string, SettingValue> scope, string service, string place)
    {
        var named = new Dictionary<string, SettingValue>(scope, StringComparer.Ordinal);
        named.TryAdd(VariableNames.ServiceName, new SettingValue(VariableNames.ServiceName, [service], true, ValueOrigin.File, place));
        return named;
    }
}
