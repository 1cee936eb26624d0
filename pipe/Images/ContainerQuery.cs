namespace EcsDeploy.Images;

/// <summary>The question put to MSBuild beside publishing: which container the project wants. The answer is a JSON file.</summary>
internal static class ContainerQuery
{
    /// <summary>The answer lies beside a published folder under the folder's name and this.</summary>
    public const string FileSuffix = ".container.json";

    /// <summary>The language and region that reproducible builds run in.</summary>
    public const string Language = "C.UTF-8";

    private static readonly string[] Properties =
    [
        "ContainerBaseImage", "ContainerRuntimeIdentifier", "ContainerWorkingDirectory", "ContainerUser", "ContainerImageFormat",
        "ContainerAppCommandInstruction", "ContainerGenerateLabels", "ContainerGenerateLabelsImageBaseDigest",
    ];

    private static readonly string[] Items =
    [
        "ContainerAppCommand", "ContainerAppCommandArgs", "ContainerEntrypoint", "ContainerEntrypointArgs", "ContainerDefaultArgs",
        "ContainerEnvironmentVariables", "ContainerPort", "ContainerLabel",
    ];

    public static IReadOnlyList<string> Arguments(string resultFile) =>
    [
        "-t:Publish",
        "-t:ComputeContainerConfig",
        $"-getProperty:{string.Join(',', Properties)}",
        $"-getItem:{string.Join(',', Items)}",
        $"-getResultOutputFile:{resultFile}",
    ];

    /// <summary>What keeps commit, source link and build path out of the assemblies, so that no change is no change.</summary>
    public static IReadOnlyList<string> ReproducibleArguments { get; } =
    [
        "-p:IncludeSourceRevisionInInformationalVersion=false",
        "-p:EnableSourceLink=false",
        "-p:ContinuousIntegrationBuild=true",
    ];

    /// <summary>The README's line for publishing in a step of one's own: the folder and what is beside it give the same image as PROJECT does.</summary>
    public static string PublishLine(string project, string configuration, string folder) => string.Join(
        ' ',
        [$"LC_ALL={Language} {PublishHook.ImportVariable}=\"$PWD/{PublishHook.StabilityFile}\" dotnet publish", project, "-c", configuration, "-o", folder, .. ReproducibleArguments, $"-p:ContainerRepository={PublishHook.UnusedName}", .. Arguments(folder + FileSuffix)]);
}
