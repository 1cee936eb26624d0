using System.Globalization;
using System.Text.RegularExpressions;
using EcsDeploy.Names;

namespace EcsDeploy.Settings;

/// <summary>Reads which services are rolled and how their task definitions are edited.</summary>
internal static partial class ServiceReader
{
    private const string NameRule = "a service's name (letters, digits, '_' and '-'), or cluster/service";
    private const int LongestTask = 24 * 60;

    private static readonly string[] Editing =
    [
        VariableNames.SetEnvironment, VariableNames.UnsetEnvironment, VariableNames.SetSecrets,
        ConfigKeys.Cpu, ConfigKeys.Memory, ConfigKeys.Command, ConfigKeys.LogOptions,
    ];

    private static readonly TimeSpan TaskTimeout = TimeSpan.FromMinutes(30);

    /// <param name="scopes">One a service of the config file; or one alone, in which SERVICE_NAME may name several.</param>
    /// <param name="action">Some roll nothing.</param>
    public static IReadOnlyList<ServiceSettings> Read(IReadOnlyList<PipeVariables> scopes, PipeAction action)
    {
        var services = scopes.SelectMany(scope => Read(scope, action)).ToArray();
        foreach (var twice in services.GroupBy(service => (service.Cluster, service.Name)).Where(group => group.Count() > 1))
        {
            scopes[0].Notes.Fault($"{VariableNames.ServiceName} names the service '{twice.Key.Name}' twice.");
        }

        return services;
    }

    private static List<ServiceSettings> Read(PipeVariables variables, PipeAction action)
    {
        if (!VariableTable.Of(VariableNames.ServiceName).Taken.Includes(action) || variables.Find(VariableNames.ServiceName) is null)
        {
            return [];
        }

        var cluster = Cluster(variables);
        var edits = Edits(variables);
        var services = new List<ServiceSettings>();
        foreach (var entry in variables.ParsedWords(VariableNames.ServiceName, text => EntryForm().Match(text) is { Success: true } match ? match : null, NameRule))
        {
            var own = entry.Groups["cluster"] is { Success: true } named ? named.Value : cluster;
            var service = edits with { Name = entry.Groups["service"].Value, Cluster = own ?? string.Empty };
            if (own is null && variables.Find(VariableNames.ClusterName) is null && !variables.IsMisshapen(VariableNames.ClusterName))
            {
                variables.Notes.Fault($"{VariableNames.ClusterName} is not set, and the service '{service.Name}' does not say its cluster. Set it, or write cluster/{service.Name}.");
            }

            services.Add(service);
        }

        return services;
    }

    private static string? Cluster(PipeVariables variables) => variables.Parsed(
        VariableNames.ClusterName,
        text => ClusterForm().IsMatch(text) || (Arn.TryParse(text, out var arn) && arn.Service == "ecs" && arn.Resource.StartsWith("cluster/", StringComparison.Ordinal)) ? text : null,
        "a cluster's name (letters, digits, '_' and '-') or its ARN");

    private static ServiceSettings Edits(PipeVariables variables)
    {
        var set = variables.Pairs(VariableNames.SetEnvironment);
        var secrets = variables.Pairs(VariableNames.SetSecrets);
        var unset = variables.Find(VariableNames.UnsetEnvironment) is null ? [] : variables.Words(VariableNames.UnsetEnvironment);
        foreach (var name in set.Select(pair => pair.Key).Intersect(secrets.Select(pair => pair.Key), StringComparer.Ordinal))
        {
            variables.Notes.Fault($"{VariableNames.SetEnvironment} and {VariableNames.SetSecrets} both set {SettingsNotes.Line(name)}. A container takes it from one of them.");
        }

        foreach (var name in set.Concat(secrets).Select(pair => pair.Key).Intersect(unset, StringComparer.Ordinal))
        {
            variables.Notes.Fault($"{VariableNames.UnsetEnvironment} removes {SettingsNotes.Line(name)}, which is set too.");
        }

        var settings = new ServiceSettings
        {
            Cluster = string.Empty,
            Name = string.Empty,
            Containers = variables.Find(VariableNames.ContainerName) is null ? [] : variables.Words(VariableNames.ContainerName),
            TaskDefinition = TaskDefinition(variables) ?? new TaskDefinitionSource.Live(),
            SetEnvironment = set,
            UnsetEnvironment = unset,
            SetSecrets = secrets,
            Cpu = variables.Text(ConfigKeys.Cpu),
            Memory = variables.Text(ConfigKeys.Memory),
            DesiredCount = variables.Text(ConfigKeys.DesiredCount) is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : null,
            Command = variables.Find(ConfigKeys.Command) is null ? null : variables.Lines(ConfigKeys.Command),
            LogOptions = variables.Pairs(ConfigKeys.LogOptions).ToDictionary(StringComparer.Ordinal),
            BeforeDeploy = OneOff(variables, VariableNames.BeforeDeploy),
            AfterDeploy = OneOff(variables, VariableNames.AfterDeploy),
        };
        CheckAsItIs(variables, settings);
        return settings;
    }

    /// <summary>A revision that runs as it is has nothing edited: what would be left out without a word is refused.</summary>
    private static void CheckAsItIs(PipeVariables variables, ServiceSettings settings)
    {
        if (settings.TaskDefinition is not TaskDefinitionSource.Revision revision)
        {
            return;
        }

        foreach (var edit in Editing.Where(name => variables.Find(name) is not null))
        {
            variables.Notes.Fault(
                $"{edit} is set, but {VariableNames.TaskDefinition} is {SettingsNotes.Line(revision.NameAndRevision)}, which runs as it is. "
                + $"Take {edit} away, or set {VariableNames.TaskDefinition} to family:{revision.NameAndRevision.Split(':')[0]}.");
        }
    }

    private static TaskDefinitionSource? TaskDefinition(PipeVariables variables) => variables.Parsed(
        VariableNames.TaskDefinition,
        text => text switch
        {
            _ when text.Equals("live", StringComparison.OrdinalIgnoreCase) => new TaskDefinitionSource.Live(),
            _ when FamilyForm().Match(text) is { Success: true } family => new TaskDefinitionSource.Family(family.Groups["name"].Value),
            _ when RevisionForm().IsMatch(text) => new TaskDefinitionSource.Revision(text),
            _ when FileForm().IsMatch(text) => new TaskDefinitionSource.File(text),
            _ => (TaskDefinitionSource?)null,
        },
        "live, family:<name>, <name>:<revision>, or the path of a .json, .yml or .yaml file");

    private static OneOffTask? OneOff(PipeVariables variables, string name)
    {
        var (entryPoint, container, taskDefinition, timeout) = VariableNames.OneOff(name);
        var arguments = variables.Lines(name);
        if (arguments.Count > 0)
        {
            return new OneOffTask(arguments)
            {
                EntryPoint = variables.Lines(entryPoint),
                Container = variables.Text(container),
                TaskDefinition = variables.Text(taskDefinition),
                Timeout = variables.Minutes(timeout, LongestTask) ?? TaskTimeout,
            };
        }

        foreach (var option in new[] { entryPoint, container, taskDefinition, timeout }.Where(variables.InStep))
        {
            variables.Notes.Fault($"{option} is set, but {name} is not: there is no task that it would be for.");
        }

        return null;
    }

    [GeneratedRegex("^((?<cluster>[A-Za-z0-9_-]{1,255})/)?(?<service>[A-Za-z0-9_-]{1,255})$", RegexOptions.ExplicitCapture)]
    private static partial Regex EntryForm();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,255}$")]
    private static partial Regex ClusterForm();

    [GeneratedRegex("^family:(?<name>[A-Za-z0-9_-]{1,255})$", RegexOptions.ExplicitCapture)]
    private static partial Regex FamilyForm();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,255}:[1-9][0-9]{0,8}$")]
    private static partial Regex RevisionForm();

    [GeneratedRegex(@"^[^:]+\.(json|ya?ml)$", RegexOptions.ExplicitCapture)]
    private static partial Regex FileForm();
}
