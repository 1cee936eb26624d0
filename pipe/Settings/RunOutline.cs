namespace EcsDeploy.Settings;

/// <summary>What can be told of a run before its settings are known to be right, so that one that ends over them can still be told of.</summary>
/// <param name="Action">ACTION in lower case; null when it is none.</param>
/// <param name="Environment">The environment's name; null when there is none.</param>
/// <param name="DryRun">DRY_RUN, as far as it can be read.</param>
/// <param name="CloneDirectory">The folder that relative paths start from.</param>
/// <param name="OutputDirectory">OUTPUT_DIR, relative to the clone; null when what was given is no folder in it.</param>
internal sealed record RunOutline(string? Action, string? Environment, bool DryRun, string CloneDirectory, string? OutputDirectory)
{
    private static readonly Dictionary<string, SettingValue> NoFile = [];

    /// <summary>Never fails: what is wrong is told by whoever reads the settings.</summary>
    public static RunOutline Read(IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        var (bitbucket, notes) = (BitbucketReader.Read(environment, workingDirectory), new SettingsNotes());
        var step = Variables(NoFile);
        var action = step.OneOf(VariableNames.Action, SettingsReader.ActionNames);
        var target = SettingsReader.EnvironmentOf(step, bitbucket);
        var run = Variables(FileOf(environment, bitbucket.CloneDirectory, notes)?.Scope(target, null) ?? NoFile);
        return new RunOutline(
            step.Find(VariableNames.Action) is null ? nameof(PipeAction.Deploy).ToLowerInvariant() : action?.ToString().ToLowerInvariant(),
            target,
            run.Flag(VariableNames.DryRun) ?? false,
            bitbucket.CloneDirectory,
            SettingsReader.OutputFolderOf(run) ?? (run.Find(VariableNames.OutputFolder) is null ? PipeSettings.StandardOutputDirectory : null));

        PipeVariables Variables(IReadOnlyDictionary<string, SettingValue> values) => new(new GivenValues(environment, values, null, notes), notes);
    }

    /// <summary>Null when there is none, or none that can be read.</summary>
    private static ConfigFile? FileOf(IReadOnlyDictionary<string, string> environment, string folder, SettingsNotes notes)
    {
        try
        {
            return ConfigText.Find(environment, folder) is { } text ? new ConfigParser(text.Name, environment, notes).Parse(text.Content) : null;
        }
        catch (InvalidSettingsException)
        {
            return null;
        }
    }
}
