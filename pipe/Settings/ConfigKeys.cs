namespace EcsDeploy.Settings;

/// <summary>Where in the config file a key may stand; a service inside an environment takes what a service takes.</summary>
[Flags]
internal enum ConfigLevels
{
    Top = 1,
    Environment = 2,
    Service = 4,
    Run = Top | Environment,
    All = Top | Environment | Service,
}

/// <summary>How a key's value is written in YAML.</summary>
internal enum ConfigShape
{
    Text,
    Flag,
    Number,

    /// <summary>A sequence, or one entry.</summary>
    List,

    /// <summary>A mapping of names to values.</summary>
    Pairs,
}

/// <summary>One key of the config file and the setting that it gives: a variable's name, or the key itself where there is no variable.</summary>
internal sealed record ConfigKey(string Name, string Setting, ConfigShape Shape, ConfigLevels Levels);

/// <summary>Every key of the config file; the editor's schema is written from this table.</summary>
internal static class ConfigKeys
{
    public const string Account = "account";
    public const string ImageOf = "image-of";
    public const string Cpu = "cpu";
    public const string Memory = "memory";
    public const string DesiredCount = "desired-count";
    public const string Command = "command";
    public const string LogOptions = "log-options";

    // Keys that are named for what they are inside their environment; all others are the variable's name in small letters with hyphens.
    private static readonly Dictionary<string, string> OwnNames = new()
    {
        [VariableNames.EcrRepository] = "registry",
        [VariableNames.EcrRole] = "registry-role",
        [VariableNames.SourceEcrRepository] = "source-registry",
        [VariableNames.SourceEcrRole] = "source-registry-role",
        [VariableNames.DeployRole] = "role",
        [VariableNames.OidcRole] = "oidc-role",
        [VariableNames.BaseRole] = "base-role",
        [VariableNames.AllowedAccounts] = "allowed-accounts",
        [VariableNames.Region] = "region",
        [VariableNames.ClusterName] = "cluster",
        [VariableNames.ServiceName] = "service",
        [VariableNames.ContainerName] = "container",
    };

    private static readonly string[] OfRun =
    [
        VariableNames.DryRun, VariableNames.Region, VariableNames.OidcRole, VariableNames.EcrRole, VariableNames.DeployRole, VariableNames.BaseRole,
        VariableNames.AllowedAccounts, VariableNames.SourceEcrRepository, VariableNames.SourceEcrRole, VariableNames.ForceNewDeployment, VariableNames.Wait,
        VariableNames.WaitTimeout, VariableNames.OnFailure, VariableNames.OnTimeout, VariableNames.OnCancel, VariableNames.OutputFolder, VariableNames.Report,
    ];

    private static readonly string[] OfImage =
    [
        VariableNames.EcrRepository, VariableNames.Project, VariableNames.Configuration, VariableNames.PublishArguments, VariableNames.BuildMemory,
        VariableNames.Reproducible, VariableNames.PublishFolder, VariableNames.Dockerfile, VariableNames.DockerContext, VariableNames.DockerTarget,
        VariableNames.DockerBuildArguments, VariableNames.DockerSecrets, VariableNames.DockerCacheFrom, VariableNames.ImageName, VariableNames.ImageArchive,
        VariableNames.Tags, VariableNames.Platforms, VariableNames.BaseImage, VariableNames.LayerCompression, VariableNames.ScanThreshold,
        VariableNames.ScanAllow, VariableNames.ScanTimeout, VariableNames.EcrCreate,
    ];

    private static readonly string[] OfService =
    [
        VariableNames.ClusterName, VariableNames.TaskDefinition, VariableNames.ContainerName, VariableNames.SetEnvironment, VariableNames.UnsetEnvironment, VariableNames.SetSecrets,
        .. OneOff(VariableNames.BeforeDeploy), .. OneOff(VariableNames.AfterDeploy),
    ];

    private static readonly string[] Numbers =
    [
        VariableNames.WaitTimeout, VariableNames.ScanTimeout, VariableNames.BuildMemory,
        VariableNames.OneOff(VariableNames.BeforeDeploy).Timeout, VariableNames.OneOff(VariableNames.AfterDeploy).Timeout,
    ];

    public static readonly IReadOnlyList<ConfigKey> All =
    [
        .. OfRun.Select(name => Of(name, ConfigLevels.Run)),
        Of(VariableNames.PromoteFrom, ConfigLevels.Environment),
        new(Account, Account, ConfigShape.Text, ConfigLevels.Environment),
        .. OfImage.Concat(OfService).Select(name => Of(name, ConfigLevels.All)),
        Of(VariableNames.ServiceName, ConfigLevels.Service) with { Shape = ConfigShape.Text },
        new(ImageOf, ImageOf, ConfigShape.Text, ConfigLevels.Service),
        new(Cpu, Cpu, ConfigShape.Number, ConfigLevels.All),
        new(Memory, Memory, ConfigShape.Number, ConfigLevels.All),
        new(DesiredCount, DesiredCount, ConfigShape.Number, ConfigLevels.All),
        new(Command, Command, ConfigShape.List, ConfigLevels.All),
        new(LogOptions, LogOptions, ConfigShape.Pairs, ConfigLevels.All),
    ];

    /// <summary>What an image is made of and where it goes: the same for all services of one run.</summary>
    public static IReadOnlyList<string> Image => OfImage;

    /// <summary>The key that is written otherwise than its variable, by the variable's name in small letters with hyphens; null for any other.</summary>
    public static string? OfVariable(string written) => OwnNames.FirstOrDefault(own => Written(own.Key) == written).Value;

    private static ConfigKey Of(string variable, ConfigLevels levels) => new(OwnNames.GetValueOrDefault(variable) ?? Written(variable), variable, ShapeOf(variable), levels);

    private static string Written(string variable) => variable.ToLowerInvariant().Replace('_', '-');

    private static ConfigShape ShapeOf(string variable) => VariableTable.Of(variable) switch
    {
        { Name: VariableNames.SetEnvironment or VariableNames.SetSecrets } => ConfigShape.Pairs,
        { IsList: true } => ConfigShape.List,
        { Form: VariableForm.Flag } => ConfigShape.Flag,
        _ => Numbers.Contains(variable) ? ConfigShape.Number : ConfigShape.Text,
    };

    private static string[] OneOff(string name)
    {
        var (entryPoint, container, taskDefinition, timeout) = VariableNames.OneOff(name);
        return [name, entryPoint, container, taskDefinition, timeout];
    }
}
