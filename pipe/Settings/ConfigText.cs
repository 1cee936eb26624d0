namespace EcsDeploy.Settings;

/// <summary>The config file as it lies in the clone.</summary>
/// <param name="Name">As messages call it.</param>
/// <param name="Content">Its YAML.</param>
internal sealed record ConfigText(string Name, string Content)
{
    // Far above what people write; a file this long is not a config file.
    private const int Longest = 1024 * 1024;

    /// <summary>The file that CONFIG_FILE names, else ecs-deploy.yml if it is there; null when there is none.</summary>
    /// <exception cref="InvalidSettingsException">It is named and cannot be read.</exception>
    public static ConfigText? Find(IReadOnlyDictionary<string, string> environment, string folder)
    {
        var notes = new SettingsNotes();
        var named = new PipeVariables(new GivenValues(environment, new Dictionary<string, SettingValue>(), null, notes), notes).Text(VariableNames.ConfigFile);
        notes.ThrowIfAny();
        var path = Path.Combine(folder, named ?? ConfigFile.StandardName);
        if (named is null && !File.Exists(path))
        {
            return null;
        }

        try
        {
            return new FileInfo(path).Length <= Longest
                ? new ConfigText(named ?? ConfigFile.StandardName, File.ReadAllText(path))
                : throw new InvalidSettingsException([$"{VariableNames.ConfigFile} '{path}' is longer than 1 MiB. It must be a YAML file of settings."]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException([$"{VariableNames.ConfigFile} is '{SettingsNotes.Line(named ?? path)}', which cannot be read in {folder}: {SettingsNotes.Line(e.Message)}"]);
        }
    }
}
