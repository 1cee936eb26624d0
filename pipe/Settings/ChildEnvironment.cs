namespace EcsDeploy.Settings;

/// <summary>What dotnet, MSBuild and Docker see of the step's environment: everything but secrets, so that private feeds work and a build script cannot act in AWS.</summary>
internal static class ChildEnvironment
{
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> environment) =>
        environment.Where(variable => !IsWithheld(variable.Key)).ToDictionary(StringComparer.Ordinal);

    /// <summary>And how the network is reached, wherever that was read from: under both spellings, since some programs know the one and some the other.</summary>
    /// <param name="environment">The children's so far.</param>
    /// <param name="network">What was asked for.</param>
    /// <param name="authorities">A PEM file of all authorities to trust; null for the system's alone.</param>
    public static IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string> environment, NetworkSettings network, string? authorities)
    {
        var all = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        if (network.HttpsProxy is { } proxy)
        {
            all[VariableNames.HttpsProxy] = all["https_proxy"] = proxy.OriginalString;
        }

        if (network.NoProxy.Count > 0)
        {
            all[VariableNames.NoProxy] = all["no_proxy"] = string.Join(',', network.NoProxy);
        }

        if (authorities is not null)
        {
            // OpenSSL's name for it, which .NET and Go read too.
            all["SSL_CERT_FILE"] = authorities;
        }

        return all;
    }

    private static bool IsWithheld(string name)
    {
        var plain = name.StartsWith(VariableNames.ContextPrefix, StringComparison.Ordinal) ? name[VariableNames.ContextPrefix.Length..] : name;
        return plain.StartsWith("AWS_", StringComparison.Ordinal)
            || SecretVariables.Names.Contains(plain)
            || plain is VariableNames.BaseImageUser
            || (plain.StartsWith("BITBUCKET_", StringComparison.Ordinal) && plain.EndsWith("_TOKEN", StringComparison.Ordinal));
    }
}
