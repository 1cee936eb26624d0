namespace EcsDeploy.Settings;

/// <summary>Says when one account's role acts in the other account too: meant by some, and otherwise the sign of a variable that this step does not have.</summary>
internal static class StandIns
{
    public static IdentitySettings Tell(PipeVariables variables, PipeAction action, IdentitySettings settings)
    {
        var told = settings with { RollStandIn = ForRoll(variables, action, settings), PushStandIn = ForPush(variables, action, settings) };
        foreach (var sentence in new[] { told.RollStandIn, told.PushStandIn }.Where(sentence => sentence.Length > 0))
        {
            variables.Notes.Remark(sentence);
        }

        return told;
    }

    private static string ForRoll(PipeVariables variables, PipeAction action, IdentitySettings settings)
    {
        if (action is PipeAction.Push or PipeAction.Setup || variables.Find(VariableNames.DeployRole) is not null)
        {
            return string.Empty;
        }

        var isOthers = settings.RoleForAll is null && settings.EcrRole is not null;
        return isOthers || variables.IsBlank(VariableNames.DeployRole)
            ? Sentence(variables, VariableNames.DeployRole, Substitute(settings, VariableNames.EcrRole, settings.EcrRole is not null), "the services' account")
            : string.Empty;
    }

    private static string ForPush(PipeVariables variables, PipeAction action, IdentitySettings settings)
    {
        if (variables.Find(VariableNames.EcrRole) is not null)
        {
            return string.Empty;
        }

        var isOthers = action is PipeAction.Deploy or PipeAction.Promote && settings.RoleForAll is null && settings.DeployRole is not null;
        return isOthers || variables.IsBlank(VariableNames.EcrRole)
            ? Sentence(variables, VariableNames.EcrRole, Substitute(settings, VariableNames.DeployRole, settings.DeployRole is not null), "the registry's account")
            : string.Empty;
    }

    private static string Substitute(IdentitySettings settings, string other, bool hasOther) => settings switch
    {
        { RoleForAll: not null } => $"the role of {VariableNames.OidcRole} acts",
        _ when hasOther => $"the role of {other} acts",
        { BaseRole: not null } => $"the role of {VariableNames.BaseRole} acts",
        _ => "the access keys act",
    };

    private static string Sentence(PipeVariables variables, string name, string substitute, string where) =>
        $"{name} {(variables.IsBlank(name) ? "has no value in this step" : "is not set")}, so {substitute} in {where} too";
}
