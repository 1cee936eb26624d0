using System.Text.Json.Nodes;
using Sandbox.Hosting;

namespace Sandbox.Pages;

/// <summary>Everything that is worth seeing of a running sandbox, as JSON: for the page, and for tests that are driven from outside.</summary>
internal sealed class SandboxState(SandboxParts parts)
{
    private const int LastRequests = 50;

    public JsonObject Describe()
    {
        return new JsonObject
        {
            ["now"] = parts.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["region"] = parts.World.Region,
            ["accounts"] = Accounts(),
            ["registries"] = parts.Ecr.Registries.Describe(),
            ["ecs"] = parts.Ecs.Describe(),
            ["reports"] = new JsonArray([.. parts.Insights.Reports.Select(report => new JsonObject { ["commit"] = report.Commit, ["id"] = report.Id, ["report"] = report.Body.DeepClone(), ["annotations"] = report.Annotations.Count })]),
            ["requests"] = Requests(),
            ["defects"] = new JsonArray([.. parts.Log.Defects.Select(defect => JsonValue.Create(defect))]),
        };
    }

    private JsonArray Accounts()
    {
        return new JsonArray([.. parts.World.Accounts.Select(account => new JsonObject
        {
            ["id"] = account.Id,
            ["roles"] = new JsonArray([.. account.Roles.Select(role => JsonValue.Create(account.Arn("iam", $"role/{role.Name}")))]),
            ["users"] = new JsonArray([.. account.Users.Select(user => JsonValue.Create(user.Name))]),
        })]);
    }

    /// <summary>Newest first.</summary>
    private JsonArray Requests()
    {
        return new JsonArray([.. parts.Log.Requests.TakeLast(LastRequests).Reverse().Select(request => new JsonObject
        {
            ["request"] = request.Operation is null ? $"{request.Method} {request.Path}" : $"{request.Service}:{request.Operation}",
            ["caller"] = request.CallerArn,
            ["status"] = (int)request.Status,
            ["error"] = request.ErrorCode,
            ["unknownMembers"] = new JsonArray([.. request.UnknownMembers.Select(member => JsonValue.Create(member))]),
            ["bytesIn"] = request.BytesIn,
            ["bytesOut"] = request.BytesOut,
        })]);
    }
}
