using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Sandbox.Worlds;

namespace Sandbox.Bitbucket;

/// <summary>Bitbucket's issuer of step tokens: the claims, their forms and the subject's parts are those of bitbucket.md 3.4.</summary>
internal sealed class OidcIssuer(Workspace workspace, TimeProvider clock)
{
    public string Address { get; } = $"https://api.bitbucket.org/2.0/workspaces/{workspace.Slug}/pipelines-config/identity/oidc";

    public string Audience { get; } = $"ari:cloud:bitbucket::workspace/{workspace.Uuid}";

    public string Mint(OidcTokenRequest request)
    {
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = SigningKey.Id };
        var signed = $"{Encoded(header)}.{Encoded(Claims(request))}";
        var key = request.IsForged ? SigningKey.Foreign : SigningKey.Published;
        return $"{signed}.{WebEncoders.Base64UrlEncode(key.Sign(Encoding.UTF8.GetBytes(signed)))}";
    }

    private JsonObject Claims(OidcTokenRequest request)
    {
        var issued = clock.GetUtcNow() - request.Age;
        var repository = request.RepositoryUuid ?? workspace.RepositoryUuid;
        var environment = request.Environment is { } name
            ? workspace.Environments.GetValueOrDefault(name) ?? throw new ArgumentException($"The workspace has no environment '{name}'.", nameof(request))
            : null;
        var claims = new JsonObject
        {
            ["iss"] = request.Issuer ?? Address,
            ["aud"] = request.Audiences is { } audiences ? new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]) : Audience,
            ["sub"] = environment is null ? $"{repository}:{request.StepUuid}" : $"{repository}:{environment}:{request.StepUuid}",
            ["iat"] = issued.ToUnixTimeSeconds(),
            ["exp"] = (issued + request.Lifetime).ToUnixTimeSeconds(),
            ["stepUuid"] = request.StepUuid,
            ["repositoryUuid"] = repository,
            ["pipelineUuid"] = "{77777777-0000-0000-0000-000000000001}",
            ["workspaceUuid"] = $"{{{workspace.Uuid}}}",
            ["accountUuid"] = "{99999999-0000-0000-0000-000000000001}",
            ["branchName"] = request.Branch,
        };
        if (environment is not null)
        {
            claims["deploymentEnvironmentUuid"] = environment;
        }

        return claims;
    }

    private static string Encoded(JsonObject part) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
