using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>What concerns a whole registry: its login and its settings.</summary>
internal sealed class AccountOperations(RepositoryAccess access, RegistryTokens tokens)
{
    // API PutAccountSetting: the names and the values that each takes.
    private static readonly Dictionary<string, string[]> SettingValues = new(StringComparer.Ordinal)
    {
        ["BASIC_SCAN_TYPE_VERSION"] = ["AWS_NATIVE"],
        ["REGISTRY_POLICY_SCOPE"] = ["V2"],
        [AccountRegistry.BlobMounting] = ["ENABLED", "DISABLED"],
    };

    public Dictionary<string, Func<ApiCall, JsonObject>> All => new()
    {
        ["GetAuthorizationToken"] = GetAuthorizationToken,
        ["PutAccountSetting"] = PutAccountSetting,
        ["GetAccountSetting"] = GetAccountSetting,
        ["GetRegistryPolicy"] = GetRegistryPolicy,
    };

    /// <summary>registryIds is deprecated: it changes the endpoints in the answer, never what the token may do.</summary>
    private JsonObject GetAuthorizationToken(ApiCall call)
    {
        access.Demand(call);
        var token = tokens.Issue(call.Caller, call.Region);
        var ids = Input.Texts(call.Input, "registryIds");
        var data = new JsonArray();
        foreach (var id in ids.Count == 0 ? [call.Caller.AccountId] : ids)
        {
            data.Add((JsonNode)new JsonObject
            {
                ["authorizationToken"] = token.Encoded,
                ["expiresAt"] = EcrJson.Time(token.Expires),
                ["proxyEndpoint"] = "https://" + access.Registries.Of(id, call.Region).Host,
            });
        }

        return new JsonObject { ["authorizationData"] = data };
    }

    private JsonObject PutAccountSetting(ApiCall call)
    {
        access.Demand(call);
        var name = KnownSetting(call);
        var value = Input.RequiredText(call.Input, "value");
        if (!SettingValues[name].Contains(value, StringComparer.Ordinal))
        {
            throw EcrErrors.Invalid("value", $"must be one of {string.Join(", ", SettingValues[name])}");
        }

        access.RegistryOf(call).Settings[name] = value;
        return new JsonObject { ["name"] = name, ["value"] = value };
    }

    private JsonObject GetAccountSetting(ApiCall call)
    {
        access.Demand(call);
        var name = KnownSetting(call);
        var fallback = name == AccountRegistry.BlobMounting ? "DISABLED" : SettingValues[name][0];
        return new JsonObject { ["name"] = name, ["value"] = access.RegistryOf(call).Settings.GetValueOrDefault(name, fallback) };
    }

    /// <summary>No registry has one here: what it would allow is not played.</summary>
    private JsonObject GetRegistryPolicy(ApiCall call)
    {
        access.Demand(call);
        throw EcrErrors.NoRegistryPolicy(access.RegistryOf(call));
    }

    private static string KnownSetting(ApiCall call)
    {
        var name = Input.RequiredText(call.Input, "name");
        return SettingValues.ContainsKey(name) ? name : throw EcrErrors.Invalid("name", $"must be one of {string.Join(", ", SettingValues.Keys)}");
    }
}
