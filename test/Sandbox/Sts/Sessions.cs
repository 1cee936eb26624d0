using System.Globalization;
using System.Text.Json.Nodes;
using Sandbox.Signatures;
using Sandbox.Worlds;

namespace Sandbox.Sts;

/// <summary>Starts sessions of roles: their keys, their end on the sandbox's clock, and what they carry on.</summary>
internal sealed class Sessions(CredentialStore credentials, TimeProvider clock)
{
    public const string TagPrefix = "aws:PrincipalTag/";

    /// <summary>Which of a session's tags go on to the next one in a chain; a note of ours, matched by no policy.</summary>
    public const string Transitive = "sandbox:TransitiveTagKeys";

    public const string SourceIdentity = "aws:SourceIdentity";

    /// <summary>The answer's members that both operations have.</summary>
    public JsonObject Start(SessionRequest request, Account account, Role role, IReadOnlyDictionary<string, string> keys)
    {
        var end = clock.GetUtcNow() + request.Duration;
        var caller = new Caller
        {
            AccountId = account.Id,
            Arn = account.Arn("sts", $"assumed-role/{role.Name}/{request.Name}"),
            RoleArn = request.RoleArn,
            SessionPolicy = request.Policy,
            Expires = end,
            Keys = keys,
        };
        var issued = credentials.Issue(caller);
        var answer = new JsonObject
        {
            ["Credentials"] = new JsonObject
            {
                ["AccessKeyId"] = issued.AccessKeyId,
                ["SecretAccessKey"] = issued.SecretAccessKey,
                ["SessionToken"] = issued.SessionToken,
                ["Expiration"] = end.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            },
            ["AssumedRoleUser"] = new JsonObject { ["AssumedRoleId"] = PrincipalId.Of(caller), ["Arn"] = caller.Arn },
        };
        if (keys.TryGetValue(SourceIdentity, out var identity))
        {
            answer["SourceIdentity"] = identity;
        }

        return answer;
    }
}
