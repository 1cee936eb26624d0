using static EcsDeploy.Settings.Actions;

namespace EcsDeploy.Settings;

/// <summary>What is agreed upon and not built in this version: asked for, it is refused, so that nobody relies on what does not happen.</summary>
internal static class NotBuilt
{
    public const Actions Actions = Check | Setup;

    private static readonly Dictionary<string, Func<PipeSettings, bool>> Asked = new(StringComparer.Ordinal)
    {
        [VariableNames.SourceEcrRepository] = settings => settings.Registry?.Source is not null,
        [VariableNames.SourceEcrRole] = settings => settings.Identity.SourceEcrRole is not null,
        [VariableNames.ScanThreshold] = settings => settings.Registry?.ScanThreshold is not null,
        [VariableNames.ScanAllow] = settings => settings.Registry?.ScanAllowFile is not null,
        [VariableNames.ScanTimeout] = settings => settings.Registry?.ScanTimeout is not null,
    };

    public static IEnumerable<string> Variables => Asked.Keys;

    /// <summary>A fault for each of them that was asked for.</summary>
    public static IEnumerable<string> FaultsOf(PipeSettings settings) => Asked.Where(entry => entry.Value(settings))
        .Select(entry => $"{entry.Key} is set, but it is not built in this version, and passing over it could do harm. Take it away.");

    /// <exception cref="InvalidSettingsException">The action is not built.</exception>
    public static void Refuse(PipeAction action)
    {
        if (Actions.Includes(action))
        {
            throw new InvalidSettingsException([$"{VariableNames.Action} {action.ToString().ToLowerInvariant()} is not built in this version. It must be deploy, push, promote, rollback, status, continue or stop."]);
        }
    }
}
