namespace EcsDeploy.Images;

/// <summary>
/// A few lines of MSBuild that publishing runs along: they tell the base image before anything is compiled, so that it can be looked at meanwhile,
/// and settle on one runtime where a project lists several.
/// </summary>
internal static class PublishHook
{
    public const string Marker = "dotnet-ecs-deploy base image: ";

    /// <summary>A property of MSBuild's own for files to import; given in the environment, a project's own value for it wins.</summary>
    public const string ImportVariable = "CustomAfterMicrosoftCommonTargets";

    public const string ProjectVariable = "DotnetEcsDeployProject";

    public const string RuntimeVariable = "DotnetEcsDeployRuntimeIdentifier";

    // Transitive framework references decide between aspnet and runtime; ResolvePackageAssets brings them.
    private const string Text = $"""
        <Project InitialTargets="DotnetEcsDeployTellBaseImage">
          <PropertyGroup Condition="'$(MSBuildProjectFullPath)' == '$({ProjectVariable})' and '$(RuntimeIdentifier)' == '' and '$(ContainerRuntimeIdentifier)' == ''">
            <ContainerRuntimeIdentifier>$({RuntimeVariable})</ContainerRuntimeIdentifier>
          </PropertyGroup>
          <Target Name="DotnetEcsDeployTellBaseImage"
                  Condition="'$(MSBuildProjectFullPath)' == '$({ProjectVariable})' and '$(MSBuildRestoreSessionId)' == '' and '$(TargetFramework)' != ''"
                  DependsOnTargets="ResolvePackageAssets;ComputeContainerConfig">
            <Message Importance="high" Text="{Marker}$(ContainerBaseImage)" />
          </Target>
        </Project>
        """;

    public static string Write(string folder)
    {
        var path = Path.Combine(folder, "dotnet-ecs-deploy.targets");
        File.WriteAllText(path, Text);
        return path;
    }
}
