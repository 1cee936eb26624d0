using System.Text.RegularExpressions;
using EcsDeploy.Names;

namespace EcsDeploy.Settings;

/// <summary>Reads the ways into AWS and checks that there is one.</summary>
internal static partial class IdentityReader
{
    private const string RoleRule = "the ARN of an IAM role such as arn:aws:iam::123456789012:role/name";
    private const string RegionRule = "an AWS region such as eu-west-1";
    private const string TokenVariable = "BITBUCKET_STEP_OIDC_TOKEN";

    private static readonly string[] KeyNames = [VariableNames.AccessKeyId, VariableNames.SecretAccessKey, VariableNames.SessionToken];

    public static IdentitySettings Read(PipeVariables variables, IReadOnlyDictionary<string, string> environment, PipeAction action, RegistrySettings? registry)
    {
        var (repository, source) = (registry?.Repository, registry?.Source);
        var region = variables.Matching(VariableNames.Region, RegionForm(), RegionRule) ?? repository?.Region;
        if (region is null && !variables.IsNeeded(VariableNames.EcrRepository) && variables.Find(VariableNames.Region) is null && variables.Find(VariableNames.EcrRepository) is null)
        {
            variables.Notes.Fault($"{VariableNames.Region} is not set, and there is no {VariableNames.EcrRepository} to take the region from. It must be {RegionRule}.");
        }

        var settings = new IdentitySettings
        {
            OidcToken = environment.TryGetValue(TokenVariable, out var token) && token.Trim().Length > 0 ? new Secret(token.Trim()) : null,
            Keys = Keys(variables),
            OidcRole = Role(variables, VariableNames.OidcRole),
            EcrRole = Role(variables, VariableNames.EcrRole),
            BaseRole = Role(variables, VariableNames.BaseRole),
            SourceEcrRole = Role(variables, VariableNames.SourceEcrRole),
            Region = region ?? string.Empty,
            RegionIsRegistrys = region is not null && variables.Find(VariableNames.Region) is null,
            SessionName = SessionName(environment),
            DeploymentEnvironment = environment.GetValueOrDefault("BITBUCKET_DEPLOYMENT_ENVIRONMENT", string.Empty) is { Length: > 0 } name ? SettingsNotes.Line(name) : null,
        };
        settings = settings with { DeployRole = DeployRole(variables, action, settings) };
        settings = StandIns.Tell(variables, action, settings);
        CheckWayIn(variables, settings);
        CheckPartition(variables, settings);
        return settings with
        {
            AllowedAccounts = Allowed(variables, settings, repository, source),
            AccountsGiven = variables.Find(VariableNames.AllowedAccounts) is not null,
        };
    }

    // A push goes to the registry's account alone. The role for the other account, which a deployment variable may give to every step, is then no business of it.
    private static Arn? DeployRole(PipeVariables variables, PipeAction action, IdentitySettings settings)
    {
        var isUsed = action is not PipeAction.Push || (settings.EcrRole is null && (settings.OidcRole is null || settings.OidcToken is null));
        var role = isUsed || variables.InStep(VariableNames.DeployRole) ? Role(variables, VariableNames.DeployRole) : null;
        return isUsed ? role : null;
    }

    private static Arn? Role(PipeVariables variables, string name) => variables.Parsed(name, text => Arn.TryParse(text, out var role) && IsRole(role) ? role : null, RoleRule);

    private static bool IsRole(Arn role) =>
        role is { Service: "iam", Region: "" } && role.Resource.StartsWith("role/", StringComparison.Ordinal) && AccountId.TryParse(role.Account, out _);

    private static AwsKeys? Keys(PipeVariables variables)
    {
        // The three belong together: a key id of the step is never completed by the secret of the context.
        var given = KeyNames.Select(variables.Find).OfType<SettingValue>().ToArray();
        var origin = given.Length > 0 ? given.Min(value => value.Origin) : ValueOrigin.Step;
        var kept = given.Where(value => value.Origin == origin).ToDictionary(value => value.Name, value => value.Text.Trim(), StringComparer.Ordinal);
        if (kept.Count == 0)
        {
            return null;
        }

        var id = kept.GetValueOrDefault(VariableNames.AccessKeyId);
        var secret = kept.GetValueOrDefault(VariableNames.SecretAccessKey);
        var session = kept.GetValueOrDefault(VariableNames.SessionToken);
        if (id is null || secret is null)
        {
            var missing = id is null ? VariableNames.AccessKeyId : VariableNames.SecretAccessKey;
            variables.Notes.Fault($"{string.Join(" and ", kept.Keys)} {(kept.Count > 1 ? "are" : "is")} set, but {missing} is not, in the same place. Keys are given together.");
            return null;
        }

        // No key begins with a dollar sign. All three are looked at, so that all is told at once.
        if (kept.Where(key => variables.IsUnresolved(key.Key, key.Value)).ToList().Count > 0)
        {
            return null;
        }

        if (!AccessKeyForm().IsMatch(id))
        {
            // It may be the other key, which no message may show.
            variables.Notes.Fault($"{VariableNames.AccessKeyId} is wrong (its value is not shown). It must be an access key id such as AKIAIOSFODNN7EXAMPLE"
                + (AccessKeyForm().IsMatch(secret) ? $"; it looks as if it was swapped with {VariableNames.SecretAccessKey}." : "."));
            return null;
        }

        // They go into headers, which take nothing else.
        foreach (var (name, _) in kept.Where(key => key.Value.Any(character => character is <= ' ' or > '~')))
        {
            variables.Notes.Fault($"{name} is wrong (its value is not shown). It must be on one line, without blanks and letters beyond ASCII, as AWS gave it.");
        }

        if (session is null && id.StartsWith("ASIA", StringComparison.Ordinal))
        {
            variables.Notes.Fault($"{VariableNames.AccessKeyId} begins with ASIA: the keys are a session's, and need {VariableNames.SessionToken} too.");
        }

        return new AwsKeys(id, new Secret(secret), session is null ? null : new Secret(session));
    }

    private static void CheckWayIn(PipeVariables variables, IdentitySettings settings)
    {
        var anyKeys = KeyNames.Any(name => variables.Find(name) is not null);
        var anyRole = new[] { VariableNames.OidcRole, VariableNames.EcrRole, VariableNames.DeployRole, VariableNames.BaseRole }.Any(name => variables.Find(name) is not null);
        if (settings.OidcToken is null && !anyKeys)
        {
            variables.Notes.Fault(anyRole
                ? $"A role is given, but the step has no OIDC token to take it with: add `oidc: true` to the step (or give {VariableNames.AccessKeyId} and {VariableNames.SecretAccessKey})."
                : $"There is no way into AWS. Add `oidc: true` to the step and set {VariableNames.OidcRole}, or set {VariableNames.AccessKeyId} and {VariableNames.SecretAccessKey}.");
        }
        else if (settings.OidcToken is not null && !anyKeys && !anyRole)
        {
            variables.Notes.Fault($"The step has an OIDC token, but no role to take with it. Set {VariableNames.OidcRole}, or {VariableNames.EcrRole} and {VariableNames.DeployRole}.");
        }
    }

    private static void CheckPartition(PipeVariables variables, IdentitySettings settings)
    {
        if (settings.Region.Length > 0 && settings.DeployRole is { } role && AwsPartition.Of(settings.Region) is var partition && partition.Name != role.Partition)
        {
            variables.Notes.Fault($"{VariableNames.DeployRole} is in partition {role.Partition}, but region {settings.Region} is in {partition.Name}.");
        }
    }

    private static IReadOnlyList<AccountId> Allowed(PipeVariables variables, IdentitySettings settings, EcrRepository? repository, EcrRepository? source)
    {
        var given = variables.ParsedWords(VariableNames.AllowedAccounts, text => AccountId.TryParse(text, out var account) ? account : null, AccountId.Rule);
        if (variables.Find(VariableNames.AllowedAccounts) is null)
        {
            if (Account(variables) is { } target)
            {
                return [.. new[] { target, repository?.Account, source?.Account }.OfType<AccountId>().Distinct()];
            }

            Arn?[] roles = [settings.OidcRole, settings.EcrRole, settings.DeployRole, settings.BaseRole, settings.SourceEcrRole];
            var derived = roles.OfType<Arn>().Select(role => AccountId.TryParse(role.Account, out var account) ? account : null).Append(repository?.Account).Append(source?.Account);
            return [.. derived.OfType<AccountId>().Distinct()];
        }

        if (given.Count < variables.Words(VariableNames.AllowedAccounts).Count)
        {
            // Among what is wrong may be the account that is missing.
            return given;
        }

        (string Name, string? Account)[] meant =
        [
            (VariableNames.EcrRepository, repository?.Account.Text), (VariableNames.SourceEcrRepository, source?.Account.Text),
            (VariableNames.OidcRole, settings.OidcRole?.Account), (VariableNames.BaseRole, settings.BaseRole?.Account), (VariableNames.EcrRole, settings.EcrRole?.Account),
            (VariableNames.DeployRole, settings.DeployRole?.Account), (VariableNames.SourceEcrRole, settings.SourceEcrRole?.Account),
        ];
        foreach (var (name, owner) in meant.Where(one => one.Account is not null && given.Count > 0 && given.All(account => account.Text != one.Account)))
        {
            variables.Notes.Fault($"{name} is in account {owner}, which {VariableNames.AllowedAccounts} does not list.");
        }

        return given;
    }

    // The config file's account: an environment's own guard.
    private static AccountId? Account(PipeVariables variables) =>
        variables.Parsed(ConfigKeys.Account, text => AccountId.TryParse(text, out var account) ? account : null, AccountId.Rule);

    // STS: 2–64 of [\w+=,.@-]; shows in the owner's trail, so it says which repository and build it was.
    private static string SessionName(IReadOnlyDictionary<string, string> environment)
    {
        var slug = Unfit().Replace(environment.GetValueOrDefault("BITBUCKET_REPO_SLUG", string.Empty), "-");
        var build = Unfit().Replace(environment.GetValueOrDefault("BITBUCKET_BUILD_NUMBER", string.Empty), "-");
        slug = slug.Length > 0 ? slug : "dotnet-ecs-deploy";
        return build.Length is > 0 and < 20 ? $"{slug[..Math.Min(slug.Length, 63 - build.Length)]}-{build}" : slug[..Math.Min(slug.Length, 64)].PadRight(2, '-');
    }

    [GeneratedRegex(@"^[a-z]{2,6}(-[a-z]+)+-[0-9]{1,2}$", RegexOptions.ExplicitCapture)]
    private static partial Regex RegionForm();

    /// <summary>The id of a key, which is no secret.</summary>
    public static bool IsAccessKey(string text) => AccessKeyForm().IsMatch(text.Trim());

    [GeneratedRegex("^[A-Z0-9_]{8,128}$")]
    private static partial Regex AccessKeyForm();

    [GeneratedRegex("[^A-Za-z0-9_+=,.@-]")]
    private static partial Regex Unfit();
}
