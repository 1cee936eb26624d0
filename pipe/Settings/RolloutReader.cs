namespace EcsDeploy.Settings;

/// <summary>Reads how a rollout is followed.</summary>
internal static class RolloutReader
{
    // Longer than any bake or canary that ECS offers (two days would outlive every session).
    private const int LongestWait = 24 * 60;

    private static readonly Dictionary<string, AfterTrouble> Choices = new() { ["rollback"] = AfterTrouble.Rollback, ["leave"] = AfterTrouble.Leave };

    public static RolloutSettings Read(PipeVariables variables)
    {
        var standard = new RolloutSettings();
        var timeout = variables.Minutes(VariableNames.WaitTimeout, LongestWait);
        return new RolloutSettings
        {
            Wait = variables.Flag(VariableNames.Wait) ?? standard.Wait,
            Timeout = timeout ?? standard.Timeout,
            TimeoutGiven = timeout is not null,
            ForceNewDeployment = variables.Flag(VariableNames.ForceNewDeployment) ?? false,
            OnFailure = variables.OneOf(VariableNames.OnFailure, Choices) ?? standard.OnFailure,
            OnTimeout = variables.OneOf(VariableNames.OnTimeout, Choices) ?? standard.OnTimeout,
            OnCancel = variables.OneOf(VariableNames.OnCancel, Choices) ?? standard.OnCancel,
            RollbackTo = variables.Text(VariableNames.RollbackTo),
        };
    }
}
