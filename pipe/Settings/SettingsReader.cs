using System.Text.RegularExpressions;

namespace EcsDeploy.Settings;

/// <summary>Makes the checked request from the step's environment and the config file; everything that is wrong is told at once.</summary>
internal static partial class SettingsReader
{
    private const string EnvironmentRule = "an environment's name (1 to 64 letters, digits, '_', '.' and '-')";

    private static readonly Dictionary<string, SettingValue> NoFile = [];

    internal static readonly IReadOnlyDictionary<string, PipeAction> ActionNames =
        Enum.GetValues<PipeAction>().ToDictionary(action => action.ToString().ToLowerInvariant(), action => action, StringComparer.Ordinal);

    /// <summary>From the step's environment and, if there is one in the clone, the config file.</summary>
    /// <exception cref="InvalidSettingsException">Anything is wrong.</exception>
    public static PipeSettings Load(IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        if (ActionOf(environment, new SettingsNotes()) is { } action)
        {
            // Before its variables are looked at: what is wrong with them does not matter then.
            NotBuilt.Refuse(action);
        }

        var folder = BitbucketReader.Read(environment, workingDirectory).CloneDirectory;
        return Read(environment, workingDirectory, ConfigText.Find(environment, folder), NotBuilt.FaultsOf);
    }

    /// <param name="environment">The step's.</param>
    /// <param name="workingDirectory">Where the program was started.</param>
    /// <param name="text">The config file; null when there is none.</param>
    /// <param name="more">Faults of settings that are right by themselves.</param>
    /// <exception cref="InvalidSettingsException">Anything is wrong.</exception>
    public static PipeSettings Read(
        IReadOnlyDictionary<string, string> environment, string workingDirectory, ConfigText? text, Func<PipeSettings, IEnumerable<string>>? more = null)
    {
        var notes = new SettingsNotes();
        var action = ActionOf(environment, notes);
        var file = text is null ? null : new ConfigParser(text.Name, environment, notes).Parse(text.Content);

        // Without ACTION and the file being right, nobody can say what is needed and what is missing.
        notes.ThrowIfAny();
        var settings = Read(environment, BitbucketReader.Read(environment, workingDirectory), action ?? PipeAction.Deploy, file, notes);
        foreach (var fault in more?.Invoke(settings) ?? [])
        {
            notes.Fault(fault);
        }

        notes.ThrowIfAny();
        return settings with { Remarks = notes.Remarks };
    }

    private static PipeAction? ActionOf(IReadOnlyDictionary<string, string> environment, SettingsNotes notes) =>
        new PipeVariables(new GivenValues(environment, NoFile, null, notes), notes)
            .OneOf(VariableNames.Action, ActionNames, ActionNames.Where(action => !NotBuilt.Actions.Includes(action.Value)).Select(action => action.Key));

    /// <summary>What fits into a tag of the registry's record, <c>env-name-build</c>.</summary>
    [GeneratedRegex("^[A-Za-z0-9_.-]{1,64}$")]
    internal static partial Regex EnvironmentForm();

    /// <summary>Null when there is none, or what was given cannot be one.</summary>
    internal static string? EnvironmentOf(PipeVariables step, BitbucketContext bitbucket) =>
        step.Matching(VariableNames.Environment, EnvironmentForm(), EnvironmentRule) ?? bitbucket.DeploymentEnvironment;

    /// <summary>Null when it was not given, or is no folder inside the clone.</summary>
    internal static string? OutputFolderOf(PipeVariables variables) =>
        variables.Parsed(VariableNames.OutputFolder, InsideClone, $"a folder inside the clone, such as {PipeSettings.StandardOutputDirectory}");

    private static PipeSettings Read(IReadOnlyDictionary<string, string> environment, BitbucketContext bitbucket, PipeAction action, ConfigFile? file, SettingsNotes notes)
    {
        var step = Variables(NoFile);
        var target = EnvironmentOf(step, bitbucket);
        var faults = notes.Faults;
        var selection = ConfigSelection.Of(file, step, action, target);
        var isKnown = file is null || notes.Faults == faults;
        var variables = Variables(selection.Run);
        IReadOnlyList<PipeVariables> services = selection.Services.Count > 0 ? [.. selection.Services.Select(Variables)] : [variables];
        CheckTaken(variables, action);
        if (isKnown)
        {
            // What the file gives to an environment or a service that nobody found cannot be called missing.
            CheckNeeded(variables, services, action);
        }

        CheckPromotion(selection.Run, action, notes);
        var registry = RegistryReader.Read(variables, action, bitbucket);
        var settings = new PipeSettings
        {
            Action = action,
            DryRun = variables.Flag(VariableNames.DryRun) ?? false,
            Debug = variables.Flag(VariableNames.Debug) ?? false,
            Bitbucket = bitbucket,
            Identity = IdentityReader.Read(variables, environment, action, registry),
            Network = NetworkReader.Read(variables, environment, bitbucket.CloneDirectory),
            Registry = registry,
            Source = ImageSourceReader.Read(variables, action),
            Services = ServiceReader.Read(services, action),
            Rollout = RolloutReader.Read(variables),
            Environment = target,
            PromoteFrom = variables.Matching(VariableNames.PromoteFrom, EnvironmentForm(), EnvironmentRule),
            OutputDirectory = OutputFolderOf(variables) ?? PipeSettings.StandardOutputDirectory,
            Report = variables.Flag(VariableNames.Report) ?? true,
        };
        CheckWait(settings, notes);
        ClusterCheck.Check(settings.Services, settings.Identity, notes);
        return settings;

        PipeVariables Variables(IReadOnlyDictionary<string, SettingValue> values) => new(new GivenValues(environment, values, action, notes), notes);
    }

    private static void CheckTaken(PipeVariables variables, PipeAction action)
    {
        foreach (var variable in VariableTable.All.Where(variable => !variable.Taken.Includes(action) && variables.InStep(variable.Name)))
        {
            var takers = ActionNames.Where(name => variable.Taken.Includes(name.Value)).Select(name => name.Key);
            variables.Notes.Fault($"{variable.Name} is set, but {VariableNames.Action} {WordOf(action)} does not take it; it goes with {string.Join(", ", takers)}.");
        }
    }

    private static void CheckNeeded(PipeVariables variables, IReadOnlyList<PipeVariables> services, PipeAction action)
    {
        foreach (var variable in VariableTable.All.Where(variable => variable.Taken.Includes(action) && variable.Needed.Includes(action) && IsMissing(variable.Name)))
        {
            // Where services are named, they may name their clusters: their reader says which does not.
            if (variable.Name != VariableNames.ClusterName || IsMissing(VariableNames.ServiceName))
            {
                variables.Notes.Fault($"{variable.Name} is not set. {VariableNames.Action} {WordOf(action)} needs it.");
            }
        }

        bool IsMissing(string name) => !variables.IsMisshapen(name) && variables.Find(name) is null && services.All(service => service.Find(name) is null);
    }

    private static string WordOf(PipeAction action) => action.ToString().ToLowerInvariant();

    // The file's promote-from keeps an environment for what succeeded elsewhere; a deploy would walk around it.
    private static void CheckPromotion(IReadOnlyDictionary<string, SettingValue> run, PipeAction action, SettingsNotes notes)
    {
        if (action == PipeAction.Deploy && run.GetValueOrDefault(VariableNames.PromoteFrom) is { } guard)
        {
            notes.Fault($"This environment takes only what succeeded in '{SettingsNotes.Line(guard.Text)}' ({guard.Place}), so nothing new can be deployed to it. Use {VariableNames.Action} promote.");
        }
    }

    // A task after a rollout that nobody follows would never run, and nobody would be told.
    private static void CheckWait(PipeSettings settings, SettingsNotes notes)
    {
        if (!settings.Rollout.Wait && settings.Services.Any(service => service.AfterDeploy is not null))
        {
            notes.Fault($"{VariableNames.AfterDeploy} is set, but {VariableNames.Wait} is false: the task comes after the rollout, which is then not waited for. Take one of them away.");
        }
    }

    private static string? InsideClone(string text) =>
        !Path.IsPathRooted(text) && !text.Split('/', '\\').Contains("..", StringComparer.Ordinal) && text.Trim('.', '/').Length > 0 ? text : null;
}
