using System.Text.Json.Nodes;
using Sandbox.Authorization;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Sts;

/// <summary>AssumeRole: a user or a session takes a role, in its own account or in another that trusts it.</summary>
internal sealed class AssumeRole(Authorizer authorizer, Sessions sessions)
{
    private static readonly TimeSpan LongestChain = TimeSpan.FromHours(1);

    public JsonObject Answer(ApiCall call)
    {
        var request = Inherited(SessionRequest.Read(call.Input), call.Caller);
        var found = authorizer.FindRole(request.RoleArn);
        var question = new AccessRequest
        {
            Caller = call.Caller,
            Action = "sts:AssumeRole",
            Resource = request.RoleArn,
            ResourceAccount = found?.Account.Id ?? "",
            ResourcePolicy = found?.Role.TrustPolicy,
            Keys = request.Keys(),
        };
        authorizer.Demand(question);

        // authorization.md 1.4: tags, inherited ones too, and a source identity are permissions of their own.
        if (request.Tags.Count > 0)
        {
            authorizer.Demand(question with { Action = "sts:TagSession" });
        }

        if (request.SourceIdentity is not null)
        {
            authorizer.Demand(question with { Action = "sts:SetSourceIdentity" });
        }

        // Without a role, the trust policy is missing and the authorizer has refused.
        var (account, role) = found!.Value;
        CheckDuration(request, call.Caller, role);
        return sessions.Start(request, account, role, Keys(request));
    }

    private static void CheckDuration(SessionRequest request, Caller caller, Role role)
    {
        if (caller.RoleArn is not null && request.Duration > LongestChain)
        {
            throw StsErrors.Validation("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
        }

        if (request.Duration > role.MaxSessionDuration)
        {
            throw StsErrors.DurationTooLong;
        }
    }

    /// <summary>A chain carries its transitive tags and its source identity on; neither can be changed on the way.</summary>
    private static SessionRequest Inherited(SessionRequest request, Caller caller)
    {
        var tags = new Dictionary<string, string>(request.Tags, StringComparer.OrdinalIgnoreCase);
        var transitive = caller.Keys.GetValueOrDefault(Sessions.Transitive, "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var key in transitive)
        {
            if (!tags.TryAdd(key, caller.Keys[Sessions.TagPrefix + key]))
            {
                // Inferred: the rule is documented, the words are ours.
                throw new ApiException("InvalidParameterValue", $"One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session: {key}");
            }
        }

        var identity = caller.Keys.GetValueOrDefault(Sessions.SourceIdentity);
        if (identity is not null && request.SourceIdentity is { } other && other != identity)
        {
            throw new ApiException("AccessDeniedException", Wording.Subject(caller.Arn, "sts:SetSourceIdentity", request.RoleArn));
        }

        return request with
        {
            Tags = tags,
            TransitiveTagKeys = [.. request.TransitiveTagKeys.Union(transitive, StringComparer.OrdinalIgnoreCase)],
            SourceIdentity = request.SourceIdentity ?? identity,
        };
    }

    private static Dictionary<string, string> Keys(SessionRequest request)
    {
        var keys = request.Tags.ToDictionary(tag => Sessions.TagPrefix + tag.Key, tag => tag.Value);
        if (request.TransitiveTagKeys.Count > 0)
        {
            keys[Sessions.Transitive] = string.Join('\n', request.TransitiveTagKeys);
        }

        if (request.SourceIdentity is { } identity)
        {
            keys[Sessions.SourceIdentity] = identity;
        }

        return keys;
    }
}
