using static EcsDeploy.Settings.Actions;

namespace EcsDeploy.Settings;

/// <summary>Some of the actions, as a set.</summary>
[Flags]
internal enum Actions
{
    None = 0,
    Deploy = 1 << PipeAction.Deploy,
    Push = 1 << PipeAction.Push,
    Promote = 1 << PipeAction.Promote,
    Rollback = 1 << PipeAction.Rollback,
    Status = 1 << PipeAction.Status,
    Check = 1 << PipeAction.Check,
    Setup = 1 << PipeAction.Setup,
    Continue = 1 << PipeAction.Continue,
    Stop = 1 << PipeAction.Stop,
    All = (1 << (PipeAction.Stop + 1)) - 1,
}

/// <summary>How a variable is written.</summary>
internal enum VariableForm
{
    Text,
    Flag,
    List,

    /// <summary>A list whose entries may carry secrets (an environment variable's value, a build argument): never shown.</summary>
    HiddenList,
    Secret,
}

/// <summary>One variable: which actions take it, which cannot do without it, and how it is read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Taken">Given to any other action it is a fault.</param>
/// <param name="Needed">Actions that cannot run without it.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Guard">It keeps something from happening: never read from the context, and a fault when given but blank.</param>
/// <param name="FileOnly">A key of the config file that has no variable.</param>
internal sealed record Variable(string Name, Actions Taken, Actions Needed = None, VariableForm Form = VariableForm.Text, bool Guard = false, bool FileOnly = false)
{
    public bool IsList => Form is VariableForm.List or VariableForm.HiddenList;

    public bool IsHidden => Form is VariableForm.Secret or VariableForm.HiddenList;
}

/// <summary>Every variable with the actions that take it: the table of the README, held to this one by a test.</summary>
internal static class VariableTable
{
    private const Actions Makes = Deploy | Push | Check;
    private const Actions Edits = Deploy | Promote | Check;
    private const Actions Rolls = Deploy | Promote | Rollback | Actions.Continue | Stop;
    private const Actions Tags = Deploy | Push | Promote | Check;

    public static readonly IReadOnlyList<Variable> All =
    [
        new(VariableNames.Action, Actions.All),
        new(VariableNames.DryRun, Actions.All, Form: VariableForm.Flag, Guard: true),
        new(VariableNames.ConfigFile, Actions.All),
        new(VariableNames.Environment, Actions.All),
        new(VariableNames.Services, Actions.All & ~Setup, Form: VariableForm.List),
        new(VariableNames.Region, Actions.All),
        new(VariableNames.OidcRole, Actions.All),
        new(VariableNames.AccessKeyId, Actions.All),
        new(VariableNames.SecretAccessKey, Actions.All, Form: VariableForm.Secret),
        new(VariableNames.SessionToken, Actions.All, Form: VariableForm.Secret),
        new(VariableNames.EcrRole, Actions.All),
        new(VariableNames.DeployRole, Actions.All),
        new(VariableNames.BaseRole, Actions.All),
        new(VariableNames.AllowedAccounts, Actions.All, Form: VariableForm.List, Guard: true),
        new(VariableNames.EcrRepository, Actions.All, Needed: Deploy | Push | Promote | Setup),
        new(VariableNames.Project, Makes),
        new(VariableNames.Configuration, Makes),
        new(VariableNames.PublishArguments, Makes, Form: VariableForm.HiddenList),
        new(VariableNames.BuildMemory, Makes),
        new(VariableNames.Reproducible, Makes, Form: VariableForm.Flag),
        new(VariableNames.PublishFolder, Makes),
        new(VariableNames.Dockerfile, Makes),
        new(VariableNames.DockerContext, Makes),
        new(VariableNames.DockerTarget, Makes),
        new(VariableNames.DockerBuildArguments, Makes, Form: VariableForm.HiddenList),
        new(VariableNames.DockerSecrets, Makes, Form: VariableForm.HiddenList),
        new(VariableNames.DockerCacheFrom, Makes, Form: VariableForm.List),
        new(VariableNames.ImageName, Makes),
        new(VariableNames.ImageArchive, Makes),
        new(VariableNames.Image, Promote),
        new(VariableNames.SourceEcrRepository, Promote | Check),
        new(VariableNames.SourceEcrRole, Promote | Check),
        new(VariableNames.Tags, Tags, Form: VariableForm.List),
        new(VariableNames.Platforms, Makes, Form: VariableForm.List),
        new(VariableNames.BaseImage, Makes),
        new(VariableNames.BaseImageUser, Makes),
        new(VariableNames.BaseImagePassword, Makes, Form: VariableForm.Secret),
        new(VariableNames.LayerCompression, Makes),
        new(VariableNames.ScanThreshold, Tags, Guard: true),
        new(VariableNames.ScanAllow, Tags),
        new(VariableNames.ScanTimeout, Tags),
        new(VariableNames.EcrCreate, Deploy | Push | Check, Form: VariableForm.Flag),
        new(VariableNames.ClusterName, Rolls | Status | Check, Needed: Rolls | Status),
        new(VariableNames.ServiceName, Rolls | Status | Check, Needed: Rolls | Status, Form: VariableForm.List),
        new(VariableNames.TaskDefinition, Edits),
        new(VariableNames.ContainerName, Edits | Rollback | Status, Form: VariableForm.List),
        new(VariableNames.SetEnvironment, Edits, Form: VariableForm.HiddenList),
        new(VariableNames.UnsetEnvironment, Edits, Form: VariableForm.List),
        new(VariableNames.SetSecrets, Edits, Form: VariableForm.HiddenList),
        new(VariableNames.ForceNewDeployment, Edits, Form: VariableForm.Flag),
        .. OneOff(VariableNames.BeforeDeploy),
        .. OneOff(VariableNames.AfterDeploy),
        new(VariableNames.Wait, Rolls | Check, Form: VariableForm.Flag),
        new(VariableNames.WaitTimeout, Rolls | Check),
        new(VariableNames.OnFailure, Rolls | Check, Guard: true),
        new(VariableNames.OnTimeout, Rolls | Check),
        new(VariableNames.OnCancel, Rolls | Check),
        new(VariableNames.RollbackTo, Rollback),
        new(VariableNames.PromoteFrom, Promote | Check, Guard: true),
        new(VariableNames.OutputFolder, Actions.All),
        new(VariableNames.Report, Actions.All, Form: VariableForm.Flag),
        new(VariableNames.ReportProxy, Actions.All),
        new(VariableNames.HttpsProxy, Actions.All, Form: VariableForm.Secret),
        new(VariableNames.NoProxy, Actions.All, Form: VariableForm.List),
        new(VariableNames.CaBundle, Actions.All),
        new(VariableNames.UseFips, Actions.All, Form: VariableForm.Flag),
        new(VariableNames.UseDualStack, Actions.All, Form: VariableForm.Flag),
        new(VariableNames.Endpoint, Actions.All),
        .. VariableNames.ServiceEndpoints.Values.Select(name => new Variable(name, Actions.All)),
        new(VariableNames.Debug, Actions.All, Form: VariableForm.Flag),
    ];

    private static readonly Dictionary<string, Variable> ByName = All.ToDictionary(variable => variable.Name, StringComparer.Ordinal);

    /// <summary>By name; a setting that only the config file has is taken by every action and shown nowhere.</summary>
    public static Variable Of(string name) => ByName.GetValueOrDefault(name) ?? new Variable(name, Actions.All, Form: VariableForm.HiddenList, FileOnly: true);

    public static bool Includes(this Actions actions, PipeAction action) => (actions & (Actions)(1 << (int)action)) != 0;

    private static IEnumerable<Variable> OneOff(string name)
    {
        var (entryPoint, container, taskDefinition, timeout) = VariableNames.OneOff(name);
        return
        [
            new(name, Edits, Form: VariableForm.HiddenList),
            new(entryPoint, Edits, Form: VariableForm.HiddenList),
            new(container, Edits),
            new(taskDefinition, Edits),
            new(timeout, Edits),
        ];
    }
}
