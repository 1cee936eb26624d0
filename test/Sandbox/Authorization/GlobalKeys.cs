using System.Globalization;
using Sandbox.Worlds;

namespace Sandbox.Authorization;

/// <summary>The condition keys that every request carries, whatever its action.</summary>
internal sealed class GlobalKeys(World world, TimeProvider clock)
{
    /// <summary>Keys of the caller, of the moment, and those of <paramref name="own"/> that the action carries.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Of(Caller? caller, ActionFact action, string resource, IReadOnlyDictionary<string, IReadOnlyList<string>> own)
    {
        var now = clock.GetUtcNow();
        var keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
        {
            ["aws:CurrentTime"] = [now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)],
            ["aws:EpochTime"] = [now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)],
            ["aws:SecureTransport"] = ["true"],

            // All clients of the sandbox are on its own machine.
            ["aws:SourceIp"] = ["127.0.0.1"],
        };
        if (resource.Split(':') is [_, _, _, var region, var account, ..])
        {
            keys["aws:ResourceAccount"] = [account];
            keys["aws:RequestedRegion"] = [region.Length > 0 ? region : world.Region];
        }

        AddCaller(keys, caller);
        foreach (var (key, values) in own.Where(pair => action.Carries(pair.Key)))
        {
            keys[key] = values;
        }

        return keys;
    }

    private void AddCaller(Dictionary<string, IReadOnlyList<string>> keys, Caller? caller)
    {
        if (caller is null)
        {
            return;
        }

        // Of a session, aws:PrincipalArn is the role (IAM, "Global condition keys").
        keys["aws:PrincipalArn"] = [caller.RoleArn ?? caller.Arn];
        keys["aws:PrincipalAccount"] = [caller.AccountId];
        keys["aws:PrincipalType"] = [caller.RoleArn is null ? "User" : "AssumedRole"];
        if (caller.RoleArn is null)
        {
            keys["aws:username"] = [caller.Arn[(caller.Arn.LastIndexOf('/') + 1)..]];
        }

        if (world.Accounts.FirstOrDefault(account => account.Id == caller.AccountId)?.OrganizationId is { } organization)
        {
            keys["aws:PrincipalOrgID"] = [organization];
        }

        foreach (var (key, value) in caller.Keys)
        {
            keys[key] = [value];
        }
    }
}
