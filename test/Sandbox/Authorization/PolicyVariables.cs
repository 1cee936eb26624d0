using System.Text.RegularExpressions;

namespace Sandbox.Authorization;

/// <summary>Fills <c>${aws:PrincipalTag/team}</c> and <c>${aws:username, 'nobody'}</c> in a policy's patterns.</summary>
internal static partial class PolicyVariables
{
    /// <summary>Null when a variable has no value in this request and no default: such an element matches nothing.</summary>
    public static string? Filled(string pattern, RequestContext context)
    {
        if (!pattern.Contains("${", StringComparison.Ordinal))
        {
            return pattern;
        }

        var isMissing = false;
        var filled = Variable().Replace(pattern, match =>
        {
            var name = match.Groups["name"].Value.Trim();
            if (name is "*" or "?" or "$")
            {
                return name;
            }

            var value = context.Values(name) is [var only] ? only : match.Groups["default"] is { Success: true } fallback ? fallback.Value : null;
            isMissing |= value is null;
            return value ?? "";
        });
        return isMissing ? null : filled;
    }

    [GeneratedRegex(@"\$\{(?<name>[^},]+)(,\s*'(?<default>[^']*)')?\s*\}")]
    private static partial Regex Variable();
}
