using EcsDeploy.Settings;

namespace EcsDeploy.Images;

/// <summary>
/// A few lines of MSBuild that publishing runs along: they tell the base image before anything is compiled, so that it can be looked at meanwhile,
/// settle on one runtime where a project lists several, name what the project sets that a variable of the pipe decides, and keep the clone's folder out of what
/// is compiled.
/// </summary>
internal static class PublishHook
{
    public const string Marker = "dotnet-ecs-deploy base image: ";

    public const string UnreadMarker = "dotnet-ecs-deploy does not read: ";

    /// <summary>Where and for what the SDK would push, and the variable that says it here.</summary>
    public static IReadOnlyDictionary<string, string> Unread { get; } = new OrderedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["ContainerRegistry"] = VariableNames.EcrRepository,
        ["ContainerRepository"] = VariableNames.EcrRepository,
        ["ContainerImageTag"] = VariableNames.Tags,
        ["ContainerImageTags"] = VariableNames.Tags,
        ["ContainerRuntimeIdentifiers"] = VariableNames.Platforms,
    };

    /// <summary>A property of MSBuild's own for files to import; given in the environment, a project's own value for it wins.</summary>
    public const string ImportVariable = "CustomAfterMicrosoftCommonTargets";

    /// <summary>The SDK wants a name for its image, which here has the repository's.</summary>
    public const string UnusedName = "app";

    /// <summary>What keeps the clone's folder out of the compilers' work; a team saves it under this name for a build in a step of its own.</summary>
    public const string StabilityFile = "dotnet-ecs-deploy.targets";

    /// <summary>How <see cref="StabilityFile"/> calls the folder of the project that is compiled.</summary>
    public const string ProjectFolder = "/proc/self/cwd/";

    public const string ProjectVariable = "DotnetEcsDeployProject";

    public const string RuntimeVariable = "DotnetEcsDeployRuntimeIdentifier";

    // Transitive framework references decide between aspnet and runtime; ResolvePackageAssets brings them. Nothing but the base image is worked out so early:
    // a target runs once, and the rest may be decided by targets of the project that run in the build.
    // The SDK's own targets give some of the unread properties values later; what stands here is the project's. A name that no image may have, which the
    // SDK makes of the assembly's, would end the build over what nobody reads.
    private static string Text(string imports) => $"""
        <Project InitialTargets="DotnetEcsDeployTellBaseImage">
        {imports}
          <PropertyGroup Condition="'$(MSBuildProjectFullPath)' == '$({ProjectVariable})' and '$(RuntimeIdentifier)' == '' and '$(ContainerRuntimeIdentifier)' == ''">
            <ContainerRuntimeIdentifier>$({RuntimeVariable})</ContainerRuntimeIdentifier>
          </PropertyGroup>
          <PropertyGroup Condition="'$(MSBuildProjectFullPath)' == '$({ProjectVariable})'">
        {string.Join('\n', Unread.Keys.Select(Noting))}
            <ContainerRepository>{UnusedName}</ContainerRepository>
            <ContainerImageName></ContainerImageName>
            <ContainerImageTag></ContainerImageTag>
            <ContainerImageTags></ContainerImageTags>
          </PropertyGroup>
          <Target Name="DotnetEcsDeployTellBaseImage"
                  Condition="'$(MSBuildProjectFullPath)' == '$({ProjectVariable})' and '$(MSBuildRestoreSessionId)' == '' and '$(TargetFramework)' != ''"
                  DependsOnTargets="ResolvePackageAssets;ComputeContainerBaseImage">
            <Message Importance="high" Text="{UnreadMarker}$(DotnetEcsDeployUnread)" Condition="'$(DotnetEcsDeployUnread)' != ''" />
            <Message Importance="high" Text="{Marker}$(ContainerBaseImage)" />
          </Target>
        </Project>
        """;

    private static string Noting(string name) =>
        $"    <DotnetEcsDeployUnread Condition=\"'$({name})' != ''\">$(DotnetEcsDeployUnread){name} </DotnetEcsDeployUnread>";

    /// <summary>Writes the lines into the folder and returns the file for <see cref="ImportVariable"/>.</summary>
    public static string Write(string folder, bool reproducible)
    {
        if (reproducible)
        {
            WriteOld(Path.Combine(folder, StabilityFile), Stability());
        }

        return WriteOld(Path.Combine(folder, "hook.targets"), Text(reproducible ? $"  <Import Project=\"{StabilityFile}\" />" : ""));
    }

    /// <summary>The text of <see cref="StabilityFile"/>.</summary>
    public static string Stability()
    {
        using var resource = new StreamReader(typeof(PublishHook).Assembly.GetManifestResourceStream(StabilityFile)!);
        return resource.ReadToEnd();
    }

    // MSBuild compiles every project anew for which an import is younger than its assembly.
    private static string WriteOld(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        return path;
    }
}
