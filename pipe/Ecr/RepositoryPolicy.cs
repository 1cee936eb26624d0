using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsDeploy.Names;

namespace EcsDeploy.Ecr;

/// <summary>Tells from a policy of ECR whether another account can possibly pull. It never says no to what might work: conditions count as met, roles of the account as the right ones.</summary>
internal sealed class RepositoryPolicy
{
    /// <summary>What pulling an image takes (Amazon ECR user guide, "Private repository policy examples").</summary>
    private static readonly string[] PullActions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

    private readonly IReadOnlyList<JsonObject> _statements;

    private RepositoryPolicy(IReadOnlyList<JsonObject> statements) => _statements = statements;

    /// <summary>Null when the text is no policy that can be read; an empty text allows nothing.</summary>
    public static RepositoryPolicy? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? new RepositoryPolicy([]) : (JsonNode.Parse(text) as JsonObject)?["Statement"] switch
            {
                JsonObject one => new RepositoryPolicy([one]),
                JsonArray several when several.All(statement => statement is JsonObject) => new RepositoryPolicy([.. several.OfType<JsonObject>()]),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether something in it might let the account pull.</summary>
    public bool MightAllow(AccountId account) => PullActions.All(action => _statements.Any(statement =>
        Text(statement["Effect"]) == "Allow" && MightMatch(statement, action) && MightName(statement, account)));

    /// <summary>How messages call the statement that forbids all of the account to pull, whatever else is allowed; null when none plainly does.</summary>
    public string? Denial(AccountId account)
    {
        var denial = _statements.FirstOrDefault(statement =>
            Text(statement["Effect"]) == "Deny" && statement["Condition"] is null && PullActions.Any(action => Matches(statement["Action"], action)) && NamesAll(statement["Principal"], account));
        return denial is null ? null : Text(denial["Sid"]) is { Length: > 0 } name ? $"statement '{name}'" : $"statement {_statements.ToList().IndexOf(denial) + 1}";
    }

    /// <summary>What has to be added for the account.</summary>
    public static string StatementFor(AccountId account, AwsPartition partition) =>
        $$"""{"Sid":"PullFrom{{account}}","Effect":"Allow","Principal":{"AWS":"arn:{{partition.Name}}:iam::{{account}}:root"},"Action":["{{string.Join("\",\"", PullActions)}}"]}""";

    private static bool MightMatch(JsonObject statement, string action) => statement["NotAction"] is not null || Matches(statement["Action"], action);

    private static bool MightName(JsonObject statement, AccountId account) =>
        statement["NotPrincipal"] is not null || Principals(statement["Principal"]).Any(principal => principal == "*" || OwnerOf(principal) is null || OwnerOf(principal) == account.Text);

    private static bool NamesAll(JsonNode? principal, AccountId account) => Principals(principal).Any(one =>
        one == "*" || one == account.Text || (Arn.TryParse(one, out var arn) && arn.Account == account.Text && arn.Resource == "root"));

    private static bool Matches(JsonNode? actions, string action) => Texts(actions).Any(pattern =>
        Regex.IsMatch(action, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));

    /// <summary>AWS's own principals; services and identity providers do not pull for a task.</summary>
    private static IEnumerable<string> Principals(JsonNode? principal) => principal is JsonObject kinds ? Texts(kinds["AWS"]) : Texts(principal);

    /// <summary>Null where the text does not say whose it is.</summary>
    private static string? OwnerOf(string principal) =>
        AccountId.TryParse(principal, out _) ? principal : Arn.TryParse(principal, out var arn) ? arn.Account : null;

    private static IEnumerable<string> Texts(JsonNode? node) => (node is JsonArray several ? several : [node?.DeepClone()]).Select(Text).OfType<string>();

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
