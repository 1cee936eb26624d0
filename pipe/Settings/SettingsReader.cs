using System.Text.RegularExpressions;

namespace EcsDeploy.Settings;

/// <summary>Makes the checked request from the step's environment and the config file; everything that is wrong is told at once.</summary>
internal static partial class SettingsReader
{
    private const string EnvironmentRule = "an environment's name (1 to 64 letters, digits, '_', '.' and '-')";

    private static readonly Dictionary<string, PipeAction> ActionNames =
        Enum.GetValues<PipeAction>().ToDictionary(action => action.ToString().ToLowerInvariant(), action => action, StringComparer.Ordinal);

    /// <exception cref="InvalidSettingsException">Anything is wrong.</exception>
    public static PipeSettings Read(IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        var notes = new SettingsNotes();
        var nothing = new Dictionary<string, SettingValue>();
        var action = new PipeVariables(new GivenValues(environment, nothing, null, notes), notes).OneOf(VariableNames.Action, ActionNames);

        // Without ACTION being right, nobody can say what it takes and needs.
        notes.ThrowIfAny();
        var variables = new PipeVariables(new GivenValues(environment, nothing, action ?? PipeAction.Deploy, notes), notes);
        var settings = Read(variables, action ?? PipeAction.Deploy, environment, workingDirectory);
        notes.ThrowIfAny();
        return settings with { Remarks = notes.Remarks };
    }

    /// <summary>What fits into a tag of the registry's record, <c>env-name-build</c>.</summary>
    [GeneratedRegex("^[A-Za-z0-9_.-]{1,64}$")]
    internal static partial Regex EnvironmentForm();

    private static PipeSettings Read(PipeVariables variables, PipeAction action, IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        CheckAction(variables, action);
        var bitbucket = BitbucketReader.Read(environment, workingDirectory);
        var registry = RegistryReader.Read(variables, action, bitbucket);
        return new PipeSettings
        {
            Action = action,
            DryRun = variables.Flag(VariableNames.DryRun) ?? false,
            Debug = variables.Flag(VariableNames.Debug) ?? false,
            Bitbucket = bitbucket,
            Identity = IdentityReader.Read(variables, environment, registry?.Repository, registry?.Source),
            Network = NetworkReader.Read(variables, environment),
            Registry = registry,
            Source = ImageSourceReader.Read(variables, action),
            Services = ServiceReader.Read(variables, action),
            Rollout = RolloutReader.Read(variables),
            Environment = variables.Matching(VariableNames.Environment, EnvironmentForm(), EnvironmentRule) ?? bitbucket.DeploymentEnvironment,
            PromoteFrom = variables.Matching(VariableNames.PromoteFrom, EnvironmentForm(), EnvironmentRule),
            OutputDirectory = variables.Parsed(VariableNames.OutputFolder, InsideClone, "a folder inside the clone, such as .dotnet-ecs-deploy") ?? ".dotnet-ecs-deploy",
            Report = variables.Flag(VariableNames.Report) ?? true,
        };
    }

    private static void CheckAction(PipeVariables variables, PipeAction action)
    {
        var word = action.ToString().ToLowerInvariant();
        foreach (var variable in VariableTable.All)
        {
            if (!variable.Taken.Includes(action) && variables.InStep(variable.Name))
            {
                var takers = ActionNames.Where(name => variable.Taken.Includes(name.Value)).Select(name => name.Key);
                variables.Notes.Fault($"{variable.Name} is set, but {VariableNames.Action} {word} does not take it; it goes with {string.Join(", ", takers)}.");
            }
            else if (variable.Needed.Includes(action) && variable.Name != VariableNames.ClusterName && variables.Find(variable.Name) is null)
            {
                variables.Notes.Fault($"{variable.Name} is not set. {VariableNames.Action} {word} needs it.");
            }
        }
    }

    private static string? InsideClone(string text) =>
        !Path.IsPathRooted(text) && !text.Split('/', '\\').Contains("..", StringComparer.Ordinal) && text.Trim('.', '/').Length > 0 ? text : null;
}
