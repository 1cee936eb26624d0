namespace EcsDeploy.Settings;

/// <summary>Everything that is wrong with the request, at once.</summary>
internal sealed class InvalidSettingsException(IReadOnlyList<string> faults) : PipeException(string.Join('\n', faults))
{
    public override ExitCode ExitCode => ExitCode.Settings;

    /// <summary>One sentence or two each.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
