namespace EcsDeploy.Settings;

/// <summary>What dotnet, MSBuild and Docker see of the step's environment: everything but secrets, so that private feeds work and a build script cannot act in AWS.</summary>
internal static class ChildEnvironment
{
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> environment) =>
        environment.Where(variable => !IsWithheld(variable.Key)).ToDictionary(StringComparer.Ordinal);

    private static bool IsWithheld(string name)
    {
        var plain = name.StartsWith(VariableNames.ContextPrefix, StringComparison.Ordinal) ? name[VariableNames.ContextPrefix.Length..] : name;
        return plain.StartsWith("AWS_", StringComparison.Ordinal)
            || SecretVariables.Names.Contains(plain)
            || plain is VariableNames.BaseImageUser
            || (plain.StartsWith("BITBUCKET_", StringComparison.Ordinal) && plain.EndsWith("_TOKEN", StringComparison.Ordinal));
    }
}
