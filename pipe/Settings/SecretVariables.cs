namespace EcsDeploy.Settings;

/// <summary>Finds the secrets that a step brings along, before anything else looks at its variables.</summary>
internal static class SecretVariables
{
    // Bitbucket's own, beside the pipe's variables.
    private static readonly string[] Bitbuckets =
    [
        "BITBUCKET_STEP_OIDC_TOKEN", "PIPELINES_JWT_TOKEN", "BITBUCKET_PACKAGES_TOKEN", "BITBUCKET_ACCESS_TOKEN", "BITBUCKET_APP_PASSWORD", "BITBUCKET_API_TOKEN",
    ];

    // What curl, Docker and .NET take for a proxy; children get them, so their logs may show them.
    private static readonly HashSet<string> Proxies = new([VariableNames.HttpsProxy, "HTTP_PROXY", "ALL_PROXY"], StringComparer.OrdinalIgnoreCase);

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
            if (Names.Contains(plain) || (plain == VariableNames.AccessKeyId && !value.StartsWith('$') && !IdentityReader.IsAccessKey(value)))
            {
                // What stands in the place of an access key's id and is none may be the key.
                yield return value;
            }
            else if (Proxies.Contains(plain) && PasswordOf(value) is { Length: > 0 } password)
            {
                yield return password;
                yield return Uri.UnescapeDataString(password);
            }
        }
    }

    // By hand, since what is no address by the rules (me:secret@proxy:3128) holds a password all the same.
    private static string? PasswordOf(string proxy)
    {
        var scheme = proxy.IndexOf("://", StringComparison.Ordinal);
        var login = proxy[(scheme < 0 ? 0 : scheme + 3)..Math.Max(proxy.LastIndexOf('@'), scheme < 0 ? 0 : scheme + 3)];
        var colon = login.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : login[(colon + 1)..].Trim();
    }
}
