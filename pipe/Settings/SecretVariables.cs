namespace EcsDeploy.Settings;

/// <summary>Finds the secrets that a step brings along, before anything else looks at its variables.</summary>
internal static class SecretVariables
{
    // Bitbucket's own, beside the pipe's variables.
    private static readonly string[] Bitbuckets =
    [
        "BITBUCKET_STEP_OIDC_TOKEN", "PIPELINES_JWT_TOKEN", "BITBUCKET_PACKAGES_TOKEN", "BITBUCKET_ACCESS_TOKEN", "BITBUCKET_APP_PASSWORD", "BITBUCKET_API_TOKEN",
    ];

    /// <summary>Variables that no child program may see (design §6.10), beside everything that begins with AWS_.</summary>
    internal static readonly IReadOnlySet<string> Names = new HashSet<string>(
        VariableTable.All.Where(variable => variable.Form == VariableForm.Secret && variable.Name != VariableNames.HttpsProxy).Select(variable => variable.Name).Concat(Bitbuckets),
        StringComparer.Ordinal);

    /// <summary>The values for the redactor; a proxy's address counts by its password alone.</summary>
    public static IEnumerable<string> In(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (name, value) in environment)
        {
            var plain = name.StartsWith(VariableNames.ContextPrefix, StringComparison.Ordinal) ? name[VariableNames.ContextPrefix.Length..] : name;
            if (Names.Contains(plain))
            {
                yield return value;
            }
            else if (plain == VariableNames.HttpsProxy && Uri.TryCreate(value, UriKind.Absolute, out var proxy) && proxy.UserInfo.Split(':', 2) is [_, { Length: > 0 } password])
            {
                yield return password;
                yield return Uri.UnescapeDataString(password);
            }
        }
    }
}
