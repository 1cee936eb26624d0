using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcsDeploy.Names;

namespace EcsDeploy.Aws;

/// <summary>Writes the trust policy that would let someone take a role.</summary>
internal static class TrustPolicies
{
    // For people to copy: braces and quotes as they are.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For the step's token: its audience, its repository and, where it has one, its deployment environment; the last part of the subject is another one in each step.</summary>
    public static string ForToken(OidcToken token, Arn role)
    {
        var provider = ProviderName(token);
        var subject = token.Subject?.Split(':') ?? [];
        return Write(
            new JsonObject { ["Federated"] = $"arn:{role.Partition}:iam::{role.Account}:oidc-provider/{provider}" },
            "sts:AssumeRoleWithWebIdentity",
            new JsonObject
            {
                ["StringEquals"] = new JsonObject { [$"{provider}:aud"] = token.Audiences.Count > 0 ? token.Audiences[0] : string.Empty },
                ["StringLike"] = new JsonObject { [$"{provider}:sub"] = subject.Length > 2 ? $"{subject[0]}:{subject[1]}:*" : $"{subject.FirstOrDefault()}:*" },
            });
    }

    /// <summary>Bitbucket's subject is repository, environment, step; outside of a deployment the middle one is missing.</summary>
    public static bool NamesEnvironment(OidcToken token) => token.Subject?.Split(':').Length > 2;

    /// <summary>For an identity of AWS: a session is named by its role.</summary>
    public static string ForPrincipal(string callerArn) => Write(new JsonObject { ["AWS"] = RoleOf(callerArn) }, "sts:AssumeRole", condition: null);

    /// <summary>The issuer as IAM names its provider.</summary>
    public static string ProviderName(OidcToken token)
    {
        var issuer = token.Issuer ?? string.Empty;
        var scheme = issuer.IndexOf("://", StringComparison.Ordinal);
        return scheme < 0 ? issuer : issuer[(scheme + 3)..];
    }

    // arn:aws:sts::A:assumed-role/name/session → arn:aws:iam::A:role/name; a path is not in the session's ARN.
    private static string RoleOf(string caller) =>
        Arn.TryParse(caller, out var arn) && arn.Service == "sts" && arn.Resource.Split('/') is ["assumed-role", var name, ..]
            ? $"arn:{arn.Partition}:iam::{arn.Account}:role/{name}"
            : caller;

    private static string Write(JsonObject principal, string action, JsonObject? condition)
    {
        var statement = new JsonObject { ["Effect"] = "Allow", ["Principal"] = principal, ["Action"] = action };
        if (condition is not null)
        {
            statement["Condition"] = condition;
        }

        return new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray(statement) }.ToJsonString(Readable);
    }
}
