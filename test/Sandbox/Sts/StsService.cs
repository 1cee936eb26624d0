using System.Text.Json.Nodes;
using Sandbox.Authorization;
using Sandbox.Wire;

namespace Sandbox.Sts;

/// <summary>The Security Token Service: who a caller is, and sessions of roles.</summary>
internal sealed class StsService(AssumeRole assumeRole, AssumeRoleWithWebIdentity assumeRoleWithWebIdentity) : IApiService
{
    public string Name => "sts";

    /// <summary>STS speaks the Query protocol only; no target ever names it.</summary>
    public string TargetPrefix => "";

    public Task<JsonObject> AnswerAsync(ApiCall call, CancellationToken token)
    {
        return Task.FromResult(call.Operation switch
        {
            "GetCallerIdentity" => GetCallerIdentity(call),
            "AssumeRole" => assumeRole.Answer(call),
            _ => assumeRoleWithWebIdentity.Answer(call),
        });
    }

    private static JsonObject GetCallerIdentity(ApiCall call)
    {
        // Works without any permission, and even under an explicit deny: authorization.md 1.4.
        Asked.NoPermissionNeeded();
        return new JsonObject { ["Arn"] = call.Caller.Arn, ["UserId"] = PrincipalId.Of(call.Caller), ["Account"] = call.Caller.AccountId };
    }
}
